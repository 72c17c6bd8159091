// One watched group in full, and what another second has changed of it.

import type { GroupDetail, InstanceDetail } from '../../controller/ports/control.ts';
import { versionOf } from '../override-version.ts';

/** The order within a row of `joined`: what stays as it is while an instance lives, or nearly. */
export const instanceColumns = [
  'id',
  'lifecycleState',
  'zone',
  'instanceType',
  'isReporting',
  'isWarmed',
  'agentVersion',
] as const;

export interface GroupChange {
  readonly name: string;
  /** Everything is told; what was known before is void. */
  readonly isWhole: boolean;
  /** Keys of a group's status whose values are others now, and `overridesVersion`. */
  readonly status: Readonly<Record<string, unknown>>;
  /** Rows in the order of `instanceColumns`, of new instances and those that are otherwise now. */
  readonly joined: readonly (readonly (string | number | boolean | null)[])[];
  /** Ids of instances that are gone. */
  readonly left: readonly string[];
  /** The names of the values in `readings`. */
  readonly signals: readonly string[];
  /** Rows of id, milliseconds since its newest sample, and the values in the order of `signals`. */
  readonly readings: readonly (readonly (string | number | null)[])[];
}

const digitsShown = 4;
/** Signals told of each instance; the rest stands in `GET /v1/groups/{group}`. */
const signalsMax = 16;
const ageStepMs = 100;

export interface GroupChanges {
  /** Null if nothing is other than at the last call. */
  change(detail: GroupDetail): GroupChange | null;
}

export function createGroupChanges(): GroupChanges {
  const status = new Map<string, string>();
  const rows = new Map<string, string>();
  const readings = new Map<string, string>();
  let isFirst = true;
  let signals = '';
  return {
    change: (detail) => {
      const whole = describeWhole(detail);
      // The same numbers under other names.
      if (signals !== whole.signals.join()) readings.clear();
      signals = whole.signals.join();
      const changed = Object.entries(whole.status).filter(([key, value]) =>
        isOther(status, key, value),
      );
      const ids = new Set(detail.instances.map(({ id }) => id));
      const left = [...rows.keys()].filter((id) => !ids.has(id));
      for (const id of left) {
        rows.delete(id);
        readings.delete(id);
      }
      const joined = whole.joined.filter((row) => isOther(rows, String(row[0]), row));
      const read = whole.readings.filter((row) => isOther(readings, String(row[0]), row));
      const isSame = changed.length + left.length + joined.length + read.length === 0;
      if (isSame && !isFirst) return null;
      const isWhole = isFirst;
      isFirst = false;
      return {
        ...whole,
        isWhole,
        status: Object.fromEntries(changed),
        joined,
        left,
        readings: read,
      };
    },
  };
}

export function describeWhole({ instances, ...status }: GroupDetail): GroupChange {
  const signals = listSignals(instances);
  return {
    name: status.name,
    isWhole: true,
    status: { ...status, overridesVersion: versionOf(status) },
    joined: instances.map((instance) => instanceColumns.map((key) => instance[key])),
    left: [],
    signals,
    readings: instances.map((instance) => [
      instance.id,
      instance.sampleAgeMs === null
        ? null
        : Math.round(instance.sampleAgeMs / ageStepMs) * ageStepMs,
      ...signals.map((name) => shorten(instance.signals[name])),
    ]),
  };
}

function listSignals(instances: readonly InstanceDetail[]): readonly string[] {
  const names = new Set(instances.flatMap((instance) => Object.keys(instance.signals)));
  return [...names].toSorted().slice(0, signalsMax);
}

function shorten(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(digitsShown));
}

/** Whether the value is another than the one that is remembered, which it then is. */
function isOther(known: Map<string, string>, key: string, value: unknown): boolean {
  const text = JSON.stringify(value) ?? '';
  if (known.get(key) === text) return false;
  known.set(key, text);
  return true;
}
