// The fluid engine for queues: work that finds no worker waits, first come first served, and is
// late when it is served after its promise. For work that cannot wait see run-fluid.ts.
import type { Workload } from '../workload.ts';
import { capacityAt } from '../workload.ts';
import { createGroupLoop, stepGroup } from './group-loop.ts';
import type { GroupLoop, GroupRun } from './group-loop.ts';
import { sampleSecond } from './telemetry.ts';

export interface QueueRun extends GroupRun {
  /** Work that arrives by the second; a worker serves the capacity of it each second. */
  readonly workload: Workload;
  /** From arrival to deletion. */
  readonly promiseSeconds: number;
  /** Mean work of a message, for what a rule sees of the queue. */
  readonly workPerMessage: number;
  readonly record?: (second: number, inService: number, waitingWork: number) => void;
}

/** What a run came to over the scored span. */
export interface QueueResult {
  readonly ticks: number;
  readonly scoredSeconds: number;
  /** Work that fell due in the span, and the part of it that was not served by then. */
  readonly dueWork: number;
  readonly lateWork: number;
  readonly costInstanceSeconds: number;
  readonly launches: number;
}

/** The queue: cumulative work by the end of the running second. */
interface Backlog {
  arrived: number;
  served: number;
  /** What had arrived one promise ago. */
  due: number;
  lateWork: number;
}

interface QueueEngine {
  readonly run: QueueRun;
  readonly loop: GroupLoop;
  readonly backlog: Backlog;
}

/** Runs the whole load; cost and lateness are those of the scored span. */
export function runQueue(run: QueueRun): QueueResult {
  const { workload } = run;
  const { scored } = workload;
  const loop = createGroupLoop(run, workload.load);
  const backlog = { arrived: 0, served: 0, due: 0, lateWork: 0 };
  const engine: QueueEngine = { run, loop, backlog };
  const { fleet } = loop;
  for (let second = 0; second < scored.fromSecond; second += 1) stepSecond(engine, second);
  const { due, lateWork } = backlog;
  const { launches, toppedUpSeconds } = fleet;
  let billed = 0;
  for (let second = scored.fromSecond; second < scored.toSecond; second += 1) {
    stepSecond(engine, second);
    billed += fleet.billed;
  }
  return {
    ticks: scored.toSecond,
    scoredSeconds: scored.toSecond - scored.fromSecond,
    dueWork: backlog.due - due,
    lateWork: backlog.lateWork - lateWork,
    costInstanceSeconds: billed + fleet.toppedUpSeconds - toppedUpSeconds,
    launches: fleet.launches - launches,
  };
}

function stepSecond(engine: QueueEngine, second: number): void {
  const { run, loop, backlog } = engine;
  const { load, capacity } = run.workload;
  const { fleet, seen } = loop;
  stepGroup(loop, second);
  seen.load = load.workPerSecond[second] ?? 0;
  seen.inService = fleet.inService;
  seen.capacity = capacityAt(capacity, second);
  serveBacklog(engine, second);
  const messages = (backlog.arrived - backlog.served) / run.workPerMessage;
  seen.messagesInFlight = Math.min(fleet.inService, messages);
  seen.visibleMessages = messages - seen.messagesInFlight;
  sampleSecond(loop.sampler, second, seen);
  run.record?.(second, fleet.inService, backlog.arrived - backlog.served);
}

/**
 * One second of arrivals and service. Work is late that falls due, promise seconds after it came,
 * and is not yet served; it is counted when it falls due and served late all the same.
 */
function serveBacklog(engine: QueueEngine, second: number): void {
  const { backlog, run } = engine;
  const { seen } = engine.loop;
  backlog.arrived += seen.load;
  backlog.served = Math.min(backlog.arrived, backlog.served + seen.inService * seen.capacity);
  const dueSecond = second - run.promiseSeconds;
  if (dueSecond < 0) return;
  const dueNow = run.workload.load.workPerSecond[dueSecond] ?? 0;
  backlog.due += dueNow;
  backlog.lateWork += Math.min(dueNow, Math.max(0, backlog.due - backlog.served));
}
