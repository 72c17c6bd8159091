// A run boiled down to the columns of a chart, in memory that does not grow with the run.
import type { Decision } from '../../core/decision.ts';
import type { Workload } from '../workload.ts';

/** What happened in the seconds of one column. Demand and capacity are in work per second. */
export interface ChartColumn {
  readonly meanDemand: number;
  readonly highestDemand: number;
  readonly lowestCapacity: number;
  readonly highestCapacity: number;
  /** The second in which demand stood furthest above capacity; null where it never did. */
  readonly shortage: Shortage | null;
  readonly scaleOuts: number;
  readonly scaleIns: number;
}

export interface Shortage {
  readonly demand: number;
  readonly capacity: number;
}

export interface RunRecorder {
  /** Takes in a second and the instances that served it; each second once, in order. */
  readonly record: (second: number, inService: number) => void;
  /** Takes in a decision that changed the size. */
  readonly noteChange: (decision: Decision) => void;
  readonly columns: () => readonly ChartColumn[];
}

/** The most columns of a chart: about one for each of its pixels. */
export const columnsMax = 900;

interface OpenColumn {
  seconds: number;
  demand: number;
  highestDemand: number;
  lowestCapacity: number;
  highestCapacity: number;
  shortDemand: number;
  shortCapacity: number;
  scaleOuts: number;
  scaleIns: number;
}

/** Records the scored span of a workload; what comes before it is left out. */
export function createRunRecorder(workload: Workload): RunRecorder {
  const { load, scored, capacity } = workload;
  const seconds = scored.toSecond - scored.fromSecond;
  const secondsPerColumn = Math.ceil(seconds / columnsMax);
  const open = Array.from({ length: Math.ceil(seconds / secondsPerColumn) }, openColumn);
  const findColumn = (second: number): OpenColumn | undefined =>
    second < scored.fromSecond
      ? undefined
      : open[Math.floor((second - scored.fromSecond) / secondsPerColumn)];
  return {
    record: (second, inService) => {
      const column = findColumn(second);
      if (column === undefined) return;
      const perInstance =
        second < capacity.changeSecond ? capacity.perInstance : capacity.laterPerInstance;
      addSecond(column, load.workPerSecond[second] ?? 0, inService * perInstance);
    },
    noteChange: ({ at, kind }) => {
      const column = findColumn(at / 1000 - load.startSeconds);
      if (column === undefined) return;
      if (kind === 'scale-out') column.scaleOuts += 1;
      if (kind === 'scale-in') column.scaleIns += 1;
    },
    columns: () => open.map(closeColumn),
  };
}

function openColumn(): OpenColumn {
  return {
    seconds: 0,
    demand: 0,
    highestDemand: 0,
    lowestCapacity: Number.POSITIVE_INFINITY,
    highestCapacity: 0,
    shortDemand: 0,
    shortCapacity: 0,
    scaleOuts: 0,
    scaleIns: 0,
  };
}

function addSecond(column: OpenColumn, demand: number, capacity: number): void {
  column.seconds += 1;
  column.demand += demand;
  if (demand > column.highestDemand) column.highestDemand = demand;
  if (capacity < column.lowestCapacity) column.lowestCapacity = capacity;
  if (capacity > column.highestCapacity) column.highestCapacity = capacity;
  if (demand - capacity > column.shortDemand - column.shortCapacity) {
    column.shortDemand = demand;
    column.shortCapacity = capacity;
  }
}

/** A column of which no second was recorded is empty. */
function closeColumn(column: OpenColumn): ChartColumn {
  const { seconds, demand, highestDemand, highestCapacity, shortDemand, shortCapacity } = column;
  return {
    meanDemand: seconds > 0 ? demand / seconds : 0,
    highestDemand,
    lowestCapacity: seconds > 0 ? column.lowestCapacity : 0,
    highestCapacity,
    shortage: shortDemand > 0 ? { demand: shortDemand, capacity: shortCapacity } : null,
    scaleOuts: column.scaleOuts,
    scaleIns: column.scaleIns,
  };
}
