// Monitoring as a rule gets it: sums over fixed periods, visible only after a delay, with gaps.
import type { Load, TelemetryGap } from '../load/load.ts';
import { positiveRemainder } from '../score/blocks.ts';
import type { WritableObservation } from './scaler.ts';

export interface Telemetry {
  /** A sample sums up this many seconds; periods are aligned to the epoch. */
  readonly periodSeconds: number;
  /** From the end of a period to the moment at which its sample can be read. */
  readonly delaySeconds: number;
  /** True: load above what the fleet can serve is not seen. */
  readonly isCensored: boolean;
  /** True: a period whose last second is lost leaves no sample, whatever was seen of it before. */
  readonly needsLastSecond?: boolean;
}

/**
 * The samples of a finer monitoring as a rule makes use of them that averages those of each `seconds`,
 * and has the mean when the last of them is there: see `rivals/metric-window.ts`. Others stay as they
 * are.
 */
export function averageSamples(telemetry: Telemetry, seconds: number): Telemetry {
  if (telemetry.periodSeconds !== 1) return telemetry;
  return { ...telemetry, periodSeconds: seconds, needsLastSecond: true };
}

/** Foretide's agents. */
export const agentTelemetry: Telemetry = { periodSeconds: 1, delaySeconds: 1, isCensored: false };
/** CloudWatch at standard resolution. */
export const cloudWatchTelemetry: Telemetry = {
  periodSeconds: 60,
  delaySeconds: 60,
  isCensored: false,
};
/** CloudWatch at high resolution. */
export const highResolutionTelemetry: Telemetry = {
  periodSeconds: 10,
  delaySeconds: 10,
  isCensored: false,
};

export interface SeenSecond {
  load: number;
  inService: number;
  capacity: number;
  visibleMessages: number;
  messagesInFlight: number;
}

/** Fields of a sample in the ring. */
const visibleAt = 0;
const meanLoad = 1;
const meanPerInstance = 2;
const messagesWaiting = 3;
const messagesWorked = 4;
const meanInService = 5;
const fields = 6;

/** Only this file changes it. */
export interface Sampler {
  readonly telemetry: Telemetry;
  readonly gaps: readonly TelemetryGap[];
  readonly startSeconds: number;
  /** Samples under way, oldest first, in a ring. */
  readonly ring: Float64Array;
  readonly slots: number;
  first: number;
  waiting: number;
  /** The running period. */
  secondsLeft: number;
  seenSeconds: number;
  isLastSeen: boolean;
  loadSum: number;
  instanceSum: number;
  nextGap: number;
}

export function createSampler(telemetry: Telemetry, load: Load): Sampler {
  const { periodSeconds, delaySeconds } = telemetry;
  const slots = Math.ceil(delaySeconds / periodSeconds) + 2;
  return {
    telemetry,
    gaps: load.telemetryGaps,
    startSeconds: load.startSeconds,
    ring: new Float64Array(slots * fields),
    slots,
    first: 0,
    waiting: 0,
    secondsLeft: periodSeconds - positiveRemainder(load.startSeconds, periodSeconds),
    seenSeconds: 0,
    isLastSeen: false,
    loadSum: 0,
    instanceSum: 0,
    nextGap: 0,
  };
}

/** Takes in what happened in a second, after it happened. */
export function sampleSecond(sampler: Sampler, second: number, seen: SeenSecond): void {
  const gap = sampler.gaps[sampler.nextGap];
  const isInGap = gap !== undefined && second >= gap.fromSecond && second < gap.toSecond;
  if (gap !== undefined && second + 1 >= gap.toSecond) sampler.nextGap += 1;
  sampler.isLastSeen = !isInGap || gap.seenAs === 'zero';
  if (sampler.isLastSeen) {
    const { load, inService, capacity } = seen;
    const limit = sampler.telemetry.isCensored ? Math.min(load, inService * capacity) : load;
    sampler.loadSum += isInGap ? 0 : limit;
    sampler.instanceSum += inService;
    sampler.seenSeconds += 1;
  }
  sampler.secondsLeft -= 1;
  if (sampler.secondsLeft === 0) closePeriod(sampler, second + 1, seen);
}

/**
 * `sampleSecond` for the seconds from `from` to before `to`, in which nothing but the load changes:
 * `seen.load` is left as it is. The sums come to the same, to the last bit.
 */
export function sampleSpan(
  sampler: Sampler,
  { from, to, workPerSecond }: SampledSpan,
  seen: SeenSecond,
): void {
  const gap = sampler.gaps[sampler.nextGap];
  if (gap !== undefined && gap.fromSecond < to) {
    for (let second = from; second < to; second += 1) {
      seen.load = workPerSecond[second] ?? 0;
      sampleSecond(sampler, second, seen);
    }
    return;
  }
  const limit = sampler.telemetry.isCensored
    ? seen.inService * seen.capacity
    : Number.POSITIVE_INFINITY;
  sampler.isLastSeen = true;
  let second = from;
  while (second < to) {
    const end = Math.min(to, second + sampler.secondsLeft);
    const seconds = end - second;
    let sum = sampler.loadSum;
    for (; second < end; second += 1) sum += Math.min(workPerSecond[second] ?? 0, limit);
    sampler.loadSum = sum;
    sampler.instanceSum += seconds * seen.inService;
    sampler.seenSeconds += seconds;
    sampler.secondsLeft -= seconds;
    if (sampler.secondsLeft === 0) closePeriod(sampler, end, seen);
  }
}

interface SampledSpan {
  readonly from: number;
  readonly to: number;
  readonly workPerSecond: Float64Array;
}

/** The second in which the next sample becomes visible, or before it; `second` is not sampled yet. */
export function nextVisibleSecond(sampler: Sampler, second: number): number {
  if (sampler.waiting > 0) return sampler.ring[sampler.first * fields + visibleAt] ?? 0;
  return second + sampler.secondsLeft + sampler.telemetry.delaySeconds;
}

/** A period of which nothing was seen leaves no sample. */
function closePeriod(sampler: Sampler, endSecond: number, seen: SeenSecond): void {
  const { ring, slots, telemetry, seenSeconds } = sampler;
  if (seenSeconds > 0 && (sampler.isLastSeen || telemetry.needsLastSecond !== true)) {
    const slot = ((sampler.first + sampler.waiting) % slots) * fields;
    const { instanceSum, loadSum } = sampler;
    ring[slot + visibleAt] = endSecond + telemetry.delaySeconds;
    ring[slot + meanLoad] = loadSum / seenSeconds;
    ring[slot + meanPerInstance] = instanceSum > 0 ? loadSum / instanceSum : Number.NaN;
    ring[slot + meanInService] = instanceSum / seenSeconds;
    ring[slot + messagesWaiting] = seen.visibleMessages;
    ring[slot + messagesWorked] = seen.messagesInFlight;
    sampler.waiting += 1;
  }
  sampler.secondsLeft = telemetry.periodSeconds;
  sampler.seenSeconds = 0;
  sampler.loadSum = 0;
  sampler.instanceSum = 0;
}

/** Puts the sample that becomes visible at the start of a second into the observation. */
export function deliverSample(
  sampler: Sampler,
  second: number,
  observation: WritableObservation,
): void {
  observation.hasSample = false;
  if (sampler.waiting === 0) return;
  const { ring, slots } = sampler;
  const slot = sampler.first * fields;
  const visible = ring[slot + visibleAt] ?? 0;
  if (visible > second) return;
  sampler.first = sampler.first + 1 === slots ? 0 : sampler.first + 1;
  sampler.waiting -= 1;
  observation.hasSample = true;
  observation.sampleEndSeconds = sampler.startSeconds + visible - sampler.telemetry.delaySeconds;
  observation.load = ring[slot + meanLoad] ?? 0;
  observation.loadPerInstance = ring[slot + meanPerInstance] ?? 0;
  observation.meanInstances = ring[slot + meanInService] ?? 0;
  observation.visibleMessages = ring[slot + messagesWaiting] ?? 0;
  observation.messagesInFlight = ring[slot + messagesWorked] ?? 0;
}
