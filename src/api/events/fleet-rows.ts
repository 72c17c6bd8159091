// Every group as one short row, and which rows another second has changed.

import type { GroupStatus } from '../../controller/ports/control.ts';
import type { EpochMs } from '../../core/time.ts';

/** The order within a row. A row that ends before `says` leaves that as it was. */
export const fleetColumns = [
  'name',
  'desired',
  'inService',
  'pending',
  'min',
  'max',
  'mode',
  'health',
  'demand',
  'capacity',
  'says',
] as const;

export type FleetHealth = 'ok' | 'warning' | 'failing';

export type FleetRow = readonly (string | number | null)[];

export interface FleetChange {
  readonly rows: readonly FleetRow[];
  /** Groups that the config no longer has. */
  readonly gone: readonly string[];
}

interface Sent {
  numbers: string;
  says: string;
  /** What the sentence is about, apart from its numbers. */
  subject: string;
  saidAt: EpochMs;
}

/** A sentence whose numbers alone move is told again after so long. */
const saysEveryMs = 10_000;
const digitsShown = 4;

export interface FleetRows {
  /** What differs from the last call; `elapsedMs` is real time. */
  change(groups: readonly GroupStatus[], elapsedMs: number): FleetChange;
}

export function createFleetRows(): FleetRows {
  const sent = new Map<string, Sent>();
  return {
    change: (groups, elapsedMs) => {
      const rows: FleetRow[] = [];
      const names = new Set<string>();
      for (const status of groups) {
        names.add(status.name);
        const row = compareRow(sent, status, elapsedMs);
        if (row !== null) rows.push(row);
      }
      const gone = [...sent.keys()].filter((name) => !names.has(name));
      for (const name of gone) sent.delete(name);
      return { rows, gone };
    },
  };
}

/** All of a group's row. */
export function describeRow(status: GroupStatus): FleetRow {
  return [...describeNumbers(status), says(status)];
}

function compareRow(sent: Map<string, Sent>, status: GroupStatus, at: number): FleetRow | null {
  const row = describeNumbers(status);
  const next = {
    numbers: row.join(),
    says: says(status),
    subject: subjectOf(status),
    saidAt: at,
  };
  const before = sent.get(status.name);
  const isNew = before === undefined;
  const isSaid =
    isNew ||
    before.subject !== next.subject ||
    (before.says !== next.says && at >= before.saidAt + saysEveryMs);
  if (isSaid) {
    sent.set(status.name, next);
    return [...row, next.says];
  }
  if (before.numbers === next.numbers) return null;
  before.numbers = next.numbers;
  return row;
}

function describeNumbers(status: GroupStatus): FleetRow {
  const { demand, desired, inService, max, min, mode, name, pending, warming } = status;
  const health = judgeHealth(status);
  const capacity = Math.max(0, inService - warming);
  const shown = demand === null ? null : Number(demand.toPrecision(digitsShown));
  return [name, desired, inService, pending, min, max, mode, health, shown, capacity];
}

/** `failing`: AWS cannot be asked, or the last act was refused. `warning`: someone should look. */
export function judgeHealth(status: GroupStatus): FleetHealth {
  const { heldBy, lastDecision, problem, silent } = status;
  const last = lastDecision?.actuation?.kind;
  if (problem !== null || last === 'refused') return 'failing';
  return silent > 0 || heldBy !== null || last === 'unknown' ? 'warning' : 'ok';
}

function says({ now, problem }: GroupStatus): string {
  return problem ?? now?.explanation.summary ?? 'nothing has been decided yet';
}

function subjectOf({ now, problem }: GroupStatus): string {
  if (problem !== null || now === null) return problem ?? '';
  const { adjustments, from, kind, recommendations, to } = now.decision;
  const codes = [...recommendations, ...adjustments].map(({ reason }) => reason.code);
  return [kind, from, to, ...codes].join();
}
