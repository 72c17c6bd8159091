// Latencies of a run: what a queueing model says of each second's demand and supply, put together.
// Here work that finds no capacity waits, and nobody gives up; in the score it is lost.
import { blockSeconds } from '../score/blocks.ts';
import { capacityAt } from '../workload.ts';
import type { Workload } from '../workload.ts';
import { responseTail } from '../../core/demand/response-time.ts';
import type { Tail } from '../../core/demand/response-time.ts';

export interface LatencyOptions {
  readonly workload: Workload;
  /** In service in each second of the load, from its start. */
  readonly inService: ArrayLike<number>;
  /** Mean time of a unit of work in its slot; left out, an instance does one at a time: 1 / C. */
  readonly serviceSeconds?: number;
}

export interface Latency {
  /** Milliseconds; null where it is above an hour. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  /** The service time that was reckoned with, and how many an instance has under way at once. */
  readonly serviceMs: number;
  readonly slotsPerInstance: number;
}

/** Demand and waits are told apart to about 1 %: seconds alike to that are reckoned once. */
const resolutionRatio = 0.01;
const latencySecondsMax = 3600;
/** Halvings of the interval in which a percentile is sought: to a millionth. */
const bisections = 40;

/** Seconds with the same fleet, demand and backlog, and how much work came in them. */
interface Situation {
  work: number;
  readonly slots: number;
  readonly arrivalsPerSecond: number;
  readonly serviceSeconds: number;
  /** What a backlog adds to everyone's wait. */
  readonly delaySeconds: number;
}

/** Over the scored span, each unit of work counted once. Zero demand gives the bare service time. */
export function measureLatency(options: LatencyOptions): Latency {
  const { workload } = options;
  const { perInstance } = workload.capacity;
  const wanted = options.serviceSeconds ?? 1 / perInstance;
  const slotsPerInstance = Math.max(1, Math.round(perInstance * wanted));
  const situations = gatherSituations(options, slotsPerInstance);
  const tails = situations.map((one) => ({ work: one.work, tail: tailOf(one) }));
  const work = tails.reduce((sum, one) => sum + one.work, 0);
  const share: Tail = (seconds) =>
    tails.reduce((sum, one) => sum + one.work * one.tail(seconds), 0) / work;
  const serviceMs = (slotsPerInstance / perInstance) * 1000;
  const find = (tailShare: number): number | null => {
    if (work === 0) return -Math.log(tailShare) * serviceMs;
    return findSeconds(share, tailShare);
  };
  return {
    p50Ms: find(0.5),
    p95Ms: find(0.05),
    p99Ms: find(0.01),
    serviceMs,
    slotsPerInstance,
  };
}

function gatherSituations(
  { workload, inService }: LatencyOptions,
  slotsPerInstance: number,
): readonly Situation[] {
  const { means, offsetSeconds, scored, capacity } = workload;
  const known = new Map<string, Situation>();
  let backlog = 0;
  for (let second = 0; second < scored.toSecond; second += 1) {
    const arrivals = means[Math.floor((second + offsetSeconds) / blockSeconds)] ?? 0;
    const perInstance = capacityAt(capacity, second);
    const instances = inService[second] ?? 0;
    const served = instances * perInstance;
    const before = backlog;
    backlog = Math.max(0, backlog + arrivals - served);
    if (second < scored.fromSecond || arrivals === 0) continue;
    // In the middle of the second; without any instance nobody knows when, which is the most there is.
    const delaySeconds = served > 0 ? (before + backlog) / 2 / served : latencySecondsMax;
    const delayStep = Math.round(Math.log1p(delaySeconds) / resolutionRatio);
    const demandStep = Math.round(Math.log(arrivals / perInstance) / resolutionRatio);
    const key = `${instances} ${demandStep} ${delayStep} ${perInstance}`;
    const situation = known.get(key);
    if (situation !== undefined) {
      situation.work += arrivals;
      continue;
    }
    known.set(key, {
      work: arrivals,
      slots: instances * slotsPerInstance,
      arrivalsPerSecond: arrivals,
      serviceSeconds: slotsPerInstance / perInstance,
      delaySeconds,
    });
  }
  return [...known.values()];
}

/** A full station, or one with a backlog, has everyone wait; the rest is the steady state's. */
function tailOf(situation: Situation): Tail {
  const { slots, arrivalsPerSecond, serviceSeconds, delaySeconds } = situation;
  const isFull = arrivalsPerSecond * serviceSeconds >= slots || delaySeconds > 0;
  if (!isFull) return responseTail(situation);
  return (seconds) =>
    seconds <= delaySeconds ? 1 : Math.exp((delaySeconds - seconds) / serviceSeconds);
}

/** Where the falling share comes to the wanted one, in milliseconds. */
function findSeconds(share: Tail, wanted: number): number | null {
  if (share(latencySecondsMax) > wanted) return null;
  let low = 0;
  let high = latencySecondsMax;
  for (let round = 0; round < bisections; round += 1) {
    const middle = (low + high) / 2;
    if (share(middle) > wanted) low = middle;
    else high = middle;
  }
  return high * 1000;
}
