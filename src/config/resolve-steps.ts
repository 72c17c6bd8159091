// Makes the core's steps of those in a file: read in the signal's unit, put in order, and none in
// the way of another. The interval rules are AWS's step scaling's: see `Step` in the core.

import type { Step, StepAdjustment } from '../core/policies/policy.ts';
import { showValue, type Path, type Report } from './config-error.ts';
import type { WrittenStep } from './file-schema.ts';
import { readPart, type PolicyPlace, type PolicySignal } from './policy-part.ts';
import type { WrittenQuantity } from './quantity.ts';
import { parsePercent } from './units.ts';

interface PlacedStep extends Step {
  /** Its place in the file's list, which may be in any order. */
  readonly index: number;
}

/** Ascending. Leaves out what was reported, here or before. */
export function resolveSteps(
  written: readonly WrittenStep[],
  adjustment: StepAdjustment,
  signal: PolicySignal,
  place: PolicyPlace,
): readonly Step[] {
  const steps = written.flatMap((step, index) => {
    const at = { ...place, path: [...place.path, index] };
    return resolveStep(step, adjustment, signal, at) ?? [];
  });
  const ascending = steps
    .map((step, index): PlacedStep => ({ ...step, index }))
    .toSorted((one, other) => (one.lower ?? -Infinity) - (other.lower ?? -Infinity));
  if (steps.length === written.length) checkNeighbors(ascending, adjustment, place);
  return ascending.map(({ lower, upper, change }) => ({ lower, upper, change }));
}

function resolveStep(
  written: WrittenStep,
  adjustment: StepAdjustment,
  signal: PolicySignal,
  { path, report }: PolicyPlace,
): Step | null {
  const change =
    written.change === undefined ? null : readChange(written.change, adjustment, path, report);
  const isEndWritten = Object.hasOwn(written, 'from') || Object.hasOwn(written, 'to');
  if (!isEndWritten && Object.hasOwn(written, 'change')) {
    report({ path, found: 'a step without from and to', allowed: 'from, to or both' });
  }
  const lower = readPart(written.from, 'from', signal, { path, report });
  const upper = readPart(written.to, 'to', signal, { path, report });
  const isLowerUnread = Object.hasOwn(written, 'from') && lower === null;
  const isUpperUnread = Object.hasOwn(written, 'to') && upper === null;
  if (!isEndWritten || change === null || isLowerUnread || isUpperUnread) return null;
  if (lower !== null && upper !== null && lower >= upper) {
    const found = `from ${showValue(written.from, [])} to ${showValue(written.to, [])}`;
    report({ path, found, allowed: 'from below to' });
    return null;
  }
  return { lower, upper, change };
}

const changeMax = 10_000;
const changeRatioMax = 100;

/** Null if it is not what the adjustment counts in. */
function readChange(
  written: WrittenQuantity,
  adjustment: StepAdjustment,
  path: Path,
  report: Report,
): number | null {
  const change = parseChange(written, adjustment);
  if (change === null) {
    report({
      path: [...path, 'change'],
      found: showValue(written, []),
      allowed: describeChange(written, adjustment),
    });
  }
  return change;
}

function parseChange(written: WrittenQuantity, adjustment: StepAdjustment): number | null {
  if (adjustment === 'percent-change-in-capacity') {
    const ratio = typeof written === 'number' ? written : parsePercent(written);
    if (ratio === null || Math.abs(ratio) > changeRatioMax) return null;
    // A bare 1 or 20 was hardly meant as 100 % or 2000 %.
    return typeof written === 'number' && Math.abs(ratio) >= 1 ? null : ratio;
  }
  const isCount = typeof written === 'number' && Number.isInteger(written);
  if (!isCount || Math.abs(written) > changeMax) return null;
  return adjustment === 'exact-capacity' && written < 0 ? null : written;
}

function describeChange(written: WrittenQuantity, adjustment: StepAdjustment): string {
  switch (adjustment) {
    case 'change-in-capacity':
      return 'a whole number of instances, such as 2 or -1';
    case 'exact-capacity':
      return 'a whole number of instances from 0';
    case 'percent-change-in-capacity': {
      const percent = typeof written === 'number' && Math.abs(written) >= 1 ? written : 20;
      return `a percent such as ${percent}% or ${Number(`${percent}e-2`)}`;
    }
  }
}

function checkNeighbors(
  ascending: readonly PlacedStep[],
  adjustment: StepAdjustment,
  { path, report }: PolicyPlace,
): void {
  for (const [index, step] of ascending.entries()) {
    const next = ascending[index + 1];
    if (next === undefined) return;
    const later = Math.max(step.index, next.index);
    const other = Math.min(step.index, next.index);
    if (step.upper === null || next.lower === null || step.upper > next.lower) {
      const found = `a step that overlaps steps[${other}]`;
      report({ path: [...path, later], found, allowed: 'steps that do not overlap' });
    } else if (step.upper === next.lower && bothHoldAtTheirEnds(step, next, adjustment)) {
      const found = `a step that meets steps[${other}], where one removes and one adds`;
      const allowed = 'a gap between removing and adding, or the group never rests';
      report({ path: [...path, later], found, allowed });
    }
  }
}

/** A removing step holds at its upper end, an adding one at its lower. */
function bothHoldAtTheirEnds(lower: Step, upper: Step, adjustment: StepAdjustment): boolean {
  return adjustment !== 'exact-capacity' && lower.change < 0 && upper.change > 0;
}
