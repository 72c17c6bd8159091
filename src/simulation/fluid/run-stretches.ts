// The fluid engine for rules that have nothing to say between two samples: it goes from one second in
// which anything is due to the next. What it comes to is what `runFluid` comes to, to the last bit,
// without elasticity.
import { blockSeconds } from '../score/blocks.ts';
import type { Workload } from '../workload.ts';
import { capacityAt } from '../workload.ts';
import type { Fleet } from './fleet.ts';
import { nextDueSecond } from './fleet.ts';
import { answerSecond, createGroupLoop, showSecond } from './group-loop.ts';
import type { GroupLoop, GroupRun } from './group-loop.ts';
import type { FluidResult } from './run-fluid.ts';
import { nextVisibleSecond, sampleSpan } from './telemetry.ts';

/** When a rule is asked besides the seconds with a sample. */
export interface Asked {
  /** In epoch seconds that are multiples of this. Absent: at no time of the clock. */
  readonly wakeSeconds?: number;
  /** In the last second, too, of each stretch in which the counts of the group stay as they are. */
  readonly watchesCounts?: boolean;
}

export interface StretchRun extends Omit<GroupRun, 'look' | 'restsUntil'>, Asked {
  readonly workload: Workload;
}

/** What a run came to over the scored span, as far as it has a price. */
export type RunCost = Pick<
  FluidResult,
  'scoredSeconds' | 'offeredWork' | 'unservedWork' | 'costInstanceSeconds' | 'launches'
>;

interface Sums {
  billed: number;
  unserved: number;
}

/**
 * Runs the whole load. The rule is asked at its start, in each second with a sample or with a change of
 * the group's counts, and as it wishes to be. In all others it must answer `desired`.
 */
export function runStretches(run: StretchRun): RunCost {
  const { scored, offeredWork, load } = run.workload;
  const loop = createGroupLoop(run, load);
  runSpan(run, loop, { from: 0, to: scored.fromSecond }, null);
  const before: Pick<Fleet, 'toppedUpSeconds' | 'launches'> = { ...loop.fleet };
  const sums: Sums = { billed: 0, unserved: 0 };
  runSpan(run, loop, { from: scored.fromSecond, to: scored.toSecond }, sums);
  const { toppedUpSeconds, launches } = loop.fleet;
  return {
    scoredSeconds: scored.toSecond - scored.fromSecond,
    offeredWork,
    unservedWork: sums.unserved,
    costInstanceSeconds: sums.billed + toppedUpSeconds - before.toppedUpSeconds,
    launches: launches - before.launches,
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function runSpan(run: StretchRun, loop: GroupLoop, span: Span, sums: Sums | null): void {
  const { workload } = run;
  const { workPerSecond } = workload.load;
  const { fleet, sampler, seen } = loop;
  let from = span.from;
  while (from < span.to) {
    showSecond(loop, from);
    answerSecond(loop, from);
    const to = findEnd(run, loop, from, span.to);
    seen.inService = fleet.inService;
    seen.capacity = capacityAt(workload.capacity, from);
    sampleSpan(sampler, { from, to, workPerSecond }, seen);
    if (sums !== null) {
      sums.billed += (to - from) * fleet.billed;
      addUnserved(sums, workload, { from, to }, seen.inService * seen.capacity);
    }
    from = to;
  }
}

/** Where the stretch that begins in a second ends: before the next one that is not like it. */
function findEnd(
  { workload, wakeSeconds, watchesCounts }: StretchRun,
  loop: GroupLoop,
  from: number,
  spanEnd: number,
): number {
  const { fleet, sampler, observation, startSeconds } = loop;
  // Launches failed: they are asked for again in the next second.
  if (observation.desired !== fleet.pending + fleet.inService) return from + 1;
  let end = Math.min(spanEnd, nextVisibleSecond(sampler, from));
  const { changeSecond } = workload.capacity;
  if (from < changeSecond) end = Math.min(end, changeSecond);
  if (wakeSeconds !== undefined) {
    const wakeAt = (Math.floor((startSeconds + from) / wakeSeconds) + 1) * wakeSeconds;
    end = Math.min(end, wakeAt - startSeconds);
  }
  end = nextDueSecond(fleet, from + 1, end);
  return watchesCounts === true && end - 1 > from ? end - 1 : end;
}

/** Of each block that is short the same amount each second, added one by one as `tallySecond` does. */
function addUnserved(sums: Sums, { means, offsetSeconds }: Workload, span: Span, served: number) {
  let { unserved } = sums;
  let second = span.from;
  let block = Math.floor((second + offsetSeconds) / blockSeconds);
  while (second < span.to) {
    const end = Math.min(span.to, (block + 1) * blockSeconds - offsetSeconds);
    const mean = means[block] ?? 0;
    if (mean > served) {
      for (; second < end; second += 1) unserved += mean - served;
    }
    second = end;
    block += 1;
  }
  sums.unserved = unserved;
}
