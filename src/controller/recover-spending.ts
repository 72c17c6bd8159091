// What the month has cost a group so far, from its history. What cannot be read is said, and done
// without.

import type { EpochMs } from '../core/time.ts';
import { findMonth } from './calendar-month.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Log } from './ports/log.ts';
import type { Store } from './ports/store.ts';
import { spendingSignal } from './spending-meter.ts';

export interface RecoveryPorts {
  readonly store: Store;
  readonly log: Log;
}

export async function recoverSpending(
  { group, spending }: ManagedGroup,
  { store, log }: RecoveryPorts,
  now: EpochMs,
): Promise<void> {
  const from = findMonth(now).startedAt;
  const query = { group: group.name, signal: spendingSignal, from, to: now };
  const minutes = await store.history.readMinutes(query);
  if (minutes.ok) {
    spending.restore(minutes.value, now);
    return;
  }
  spending.loseTrack(now);
  const text = `what the month has cost so far is not known: ${minutes.message}`;
  log.write('warn', `${group.name}: ${text}`);
}
