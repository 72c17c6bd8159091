// A run of a queue boiled down to the columns of a chart: workers as they were each second, and how long
// messages took by the moment at which they were sent.
import type { Decision } from '../../core/decision.ts';
import type { QueueArena } from '../queue/queue-arena.ts';
import type { QueueSecond } from '../queue/queue-world.ts';
import { columnsMax } from './run-recorder.ts';

/** What happened in the seconds of one column. */
export interface QueueColumn {
  /** Instances that the messages being worked on keep busy, in the mean. */
  readonly meanBusy: number;
  readonly lowestInService: number;
  readonly highestInService: number;
  /** Of the messages sent in it, in seconds; null where none was. `Infinity`: one was never done. */
  readonly longest: number | null;
  readonly scaleOuts: number;
  readonly scaleIns: number;
}

export interface QueueRecorder {
  /** Takes in a second; each once, in order. */
  readonly record: (seen: QueueSecond) => void;
  /** Takes in a decision that changed the size. */
  readonly noteChange: (decision: Decision) => void;
  readonly columns: (doneAt: Float64Array) => readonly QueueColumn[];
}

interface OpenColumn {
  seconds: number;
  busy: number;
  lowestInService: number;
  highestInService: number;
  longest: number | null;
  scaleOuts: number;
  scaleIns: number;
}

/** Records the scored span of an arena; what comes before it is left out. */
export function createQueueRecorder({
  jobs,
  slotsPerInstance,
  workload,
}: QueueArena): QueueRecorder {
  const { scored, load } = workload;
  const seconds = scored.toSecond - scored.fromSecond;
  const secondsPerColumn = Math.ceil(seconds / columnsMax);
  const open = Array.from({ length: Math.ceil(seconds / secondsPerColumn) }, openColumn);
  const findColumn = (second: number): OpenColumn | undefined =>
    open[Math.floor((second - scored.fromSecond) / secondsPerColumn)];
  return {
    record: ({ nowSeconds, inService, inFlight }) => {
      const column = findColumn(nowSeconds - 1);
      if (column === undefined) return;
      column.seconds += 1;
      column.busy += inFlight / slotsPerInstance;
      column.lowestInService = Math.min(column.lowestInService, inService);
      column.highestInService = Math.max(column.highestInService, inService);
    },
    noteChange: ({ at, kind }) => {
      const column = findColumn(at / 1000 - load.startSeconds - 1);
      if (column === undefined) return;
      if (kind === 'scale-out') column.scaleOuts += 1;
      if (kind === 'scale-in') column.scaleIns += 1;
    },
    columns: (doneAt) => {
      for (const [index, sentAt] of jobs.sentAt.entries()) {
        const column = findColumn(sentAt);
        if (column === undefined) continue;
        const tookSeconds = (doneAt[index] ?? Number.NaN) - sentAt;
        const latency = Number.isNaN(tookSeconds) ? Number.POSITIVE_INFINITY : tookSeconds;
        column.longest = Math.max(column.longest ?? 0, latency);
      }
      return open.map(closeColumn);
    },
  };
}

function openColumn(): OpenColumn {
  return {
    seconds: 0,
    busy: 0,
    lowestInService: Number.POSITIVE_INFINITY,
    highestInService: 0,
    longest: null,
    scaleOuts: 0,
    scaleIns: 0,
  };
}

function closeColumn({ seconds, busy, ...column }: OpenColumn): QueueColumn {
  return {
    ...column,
    meanBusy: seconds > 0 ? busy / seconds : 0,
    lowestInService: seconds > 0 ? column.lowestInService : 0,
  };
}
