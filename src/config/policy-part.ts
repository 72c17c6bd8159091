// A number in a policy: where it stands, what it is about, and how it is read.

import type { SignalSelector } from '../core/signal.ts';
import type { DemandConfig, SourceConfig } from './config.ts';
import { showValue, type Path, type Report } from './config-error.ts';
import { describeUnit, readQuantity, type Unit, type WrittenQuantity } from './quantity.ts';

/** Where a policy stands and whom to tell. */
export interface PolicyPlace {
  readonly path: Path;
  readonly report: Report;
  /** Of the group; other signals are those of its instances. */
  readonly sources: readonly SourceConfig[];
  /** Of the group; null: `demand` is a signal as any other. */
  readonly demand: DemandConfig | null;
}

/** What a policy looks at, and how numbers about it are written. */
export interface PolicySignal {
  readonly selector: SignalSelector;
  readonly unit: Unit;
}

/** A number about the signal, in its unit. Null if it is missing or reported. */
export function readPart(
  written: WrittenQuantity | undefined,
  key: string,
  { selector, unit }: PolicySignal,
  { path, report }: Pick<PolicyPlace, 'path' | 'report'>,
): number | null {
  if (written === undefined) return null;
  const value = readQuantity(written, unit);
  if (value === null) {
    report({
      path: [...path, key],
      found: showValue(written, path),
      allowed: describeUnit(unit, selector.signal, written),
    });
  }
  return value;
}
