// Brings a group to where a stopped controller left it: its state, the overrides in force, and what
// the month has cost so far. What cannot be read is said, and done without.

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

export async function recoverGroup(
  group: ManagedGroup,
  ports: RecoveryPorts,
  now: EpochMs,
): Promise<void> {
  const { store, log } = ports;
  const { name } = group.group;
  const recovered = await store.journal.recover(name);
  if (!recovered.ok) {
    log.write('error', `${name}: starting without memory: ${recovered.message}`);
  } else if (recovered.value !== null) {
    group.recover(recovered.value, now);
  }
  const overrides = await store.overrides.list(name, now);
  if (overrides.ok) group.overrides = overrides.value;
  await recoverSpending(group, ports, now);
}

async function recoverSpending(
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
