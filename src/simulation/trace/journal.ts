// Reads demand out of a journal that a controller wrote: what the group's instances carried at each
// tick, second by second. What was not seen then cannot be read now: it is a hole, and told.
import type { JournalEntry } from '../../controller/ports/store.ts';
import type { Observation } from '../../core/observation.ts';
import { askForSeries } from './points.ts';
import { addPoint, createSequence, finishSequence } from './sequence.ts';
import type { GapRule, TraceReading } from './trace.ts';

export interface JournalTraceOptions {
  /** The signal that is demand, such as `cpu` or `requestsPerSecond`; default: the only one. */
  readonly series?: string;
  readonly gaps?: GapRule;
}

export interface JournalReader {
  /** Takes in the next entry of one group, oldest first. */
  readonly push: (entry: JournalEntry) => void;
  readonly finish: () => TraceReading;
  /** What was read, once something was: its signal, and over how long each value is a mean. */
  readonly chosen: () => ReadSignal | null;
}

export interface ReadSignal {
  readonly signal: string;
  readonly windowMs: number;
}

/** A reading that demand follows from: a mean or a sum of one signal. */
interface Source extends ReadSignal {
  readonly key: string;
  readonly statistic: string;
}

/** As `selectSignal` writes them; expressions and percentiles are no demand. */
const keyPattern = /^(mean|sum)\((.+)\)\/(\d+)ms$/;

/**
 * Demand of a second is the load of an instance × the instances in service, at the last tick in it.
 * The values of `cpu` come to busy instances: 10 at 45 % are 4.5. A signal that is read over several
 * windows is taken over the shortest.
 */
export function createJournalReader(options: JournalTraceOptions = {}): JournalReader {
  const gaps = options.gaps ?? 'refuse';
  const sequence = createSequence({ placeName: 'point', gaps, stepSeconds: 1 });
  const seen = new Set<string>();
  let source: Source | null = null;
  let last: { readonly seconds: number; readonly demand: number } | null = null;
  let points = 0;
  const flush = (): void => {
    if (last === null) return;
    points += 1;
    addPoint(sequence, last.seconds, last.demand, points);
  };
  return {
    push: (entry) => {
      if (entry.kind !== 'tick') return;
      const { observation } = entry;
      for (const one of listSources(observation)) seen.add(one.signal);
      source ??= chooseSource(observation, options.series);
      const demand = source === null ? null : readDemand(observation, source);
      if (demand === null) return;
      const seconds = Math.floor(entry.at / 1000);
      // Ticks come early at times: the last of a second stands for it.
      if (last !== null && last.seconds !== seconds) flush();
      last = { seconds, demand };
    },
    finish: () => {
      const others = [...seen].toSorted();
      if (source === null && others.length > 0) {
        return askForSeries(others, options.series, 0);
      }
      flush();
      return finishSequence(sequence);
    },
    chosen: () => source,
  };
}

function listSources({ signals }: Observation): readonly Source[] {
  return Object.keys(signals).flatMap((key) => {
    const [, statistic, signal, windowMs] = keyPattern.exec(key) ?? [];
    if (statistic === undefined || signal === undefined) return [];
    return [{ key, statistic, signal, windowMs: Number(windowMs) }];
  });
}

/** Null where nothing fits, or more than one signal would. */
function chooseSource(observation: Observation, series: string | undefined): Source | null {
  const fitting = listSources(observation)
    .filter(({ signal }) => series === undefined || signal === series)
    .toSorted((one, other) => one.windowMs - other.windowMs);
  const [first] = fitting;
  if (first === undefined) return null;
  return fitting.every(({ signal }) => signal === first.signal) ? first : null;
}

/** Null where the tick saw no size or no fresh report. */
function readDemand(observation: Observation, source: Source): number | null {
  const { capacity, signals } = observation;
  const reading = signals[source.key];
  if (capacity === null || reading === undefined || reading.instances === 0) return null;
  const perInstance =
    source.statistic === 'sum' ? reading.value / reading.instances : reading.value;
  return perInstance * capacity.inService;
}
