// Entries and a folder for the store's tests.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JournalEntry, StoreOutcome } from '../controller/ports/store.ts';
import type { Decision } from '../core/decision.ts';
import { initialState } from '../core/state.ts';

export const baseMs = 1_795_305_600_000;

/** A fresh folder; gone when the callback that is returned runs. */
export function makeFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-store-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A tick as the core writes it for a group with two policies, `second` seconds after the base. */
export function tickEntry(
  group: string,
  second: number,
  kind: Decision['kind'] = 'hold',
): JournalEntry {
  const at = baseMs + second * 1000;
  // Digits as of a measured ratio; no randomness, so that sizes are the same each time.
  const cpuRatio = 0.4 + ((second * 7919) % 1000) / 6000;
  const requests = 100 * cpuRatio + ((second * 104_729) % 997) / 991;
  const cpu = 'mean(cpu)/60000ms';
  const load = 'sum(requests)/10000ms';
  return {
    group,
    at,
    kind: 'tick',
    observation: {
      capacity: {
        describedAt: at - 3210 - (second % 1000),
        min: 1,
        max: 50,
        desired: 12,
        inService: 12,
        pending: 0,
        terminating: 0,
      },
      fleet: { warmed: 12, warming: 0, expected: 12, reporting: 12, silent: 0 },
      signals: {
        [cpu]: { value: cpuRatio, at: at - 350 - (second % 97), instances: 12 },
        [load]: { value: requests, at: at - 350 - (second % 97), instances: 12 },
      },
      telemetry: 'connected',
      overrides: [],
      isJournalWritable: true,
      heldBy: null,
    },
    decision: {
      group,
      at,
      kind,
      from: 12,
      to: kind === 'scale-out' ? 13 : kind === 'scale-in' ? 11 : 12,
      wanted: 11,
      acts: kind !== 'hold',
      recommendations: [
        {
          kind: 'desired',
          policy: 'cpu',
          desired: 11,
          reason: {
            code: 'target-tracking',
            signal: cpu,
            value: cpuRatio,
            target: 0.5,
            instances: 12,
          },
        },
        {
          kind: 'desired',
          policy: 'requests',
          desired: 9,
          reason: {
            code: 'target-tracking',
            signal: load,
            value: requests,
            target: 10,
            instances: 12,
          },
        },
      ],
      adjustments: [
        {
          guardrail: 'stabilization',
          from: 11,
          to: 12,
          reason: { code: 'stabilization', windowMs: 300_000, size: 12 },
        },
      ],
    },
  };
}

export function snapshotEntry(group: string, second: number): JournalEntry {
  const at = baseMs + second * 1000;
  const state = { ...initialState, scaledOutAt: at - 60_000 };
  return { group, at, kind: 'snapshot', state, fleet: { inServiceSince: { 'i-0abc': at } } };
}

export function expectDone<T>(outcome: StoreOutcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.value;
}
