// Where the load of a simulation comes from: a file of recorded traffic, or one of the built-in
// generators. What is wrong with it is said by line.

import { expandToSeconds } from '../../simulation/load/expand-to-seconds.ts';
import { generators } from '../../simulation/load/index.ts';
import type { Load } from '../../simulation/load/load.ts';
import { createCsvReader } from '../../simulation/trace/csv.ts';
import type { TraceReading } from '../../simulation/trace/trace.ts';
import { StartError } from '../start-error.ts';
import { describeRefusal } from './describe-refusal.ts';
import type { LoadOptions } from './options.ts';
import { readTraceFile } from './read-trace-file.ts';

export interface NamedLoad {
  readonly name: string;
  readonly load: Load;
  /** What a reader of the results should know of it. */
  readonly notes: readonly string[];
}

/** The most that a generator is asked for: as long as the longest trace. */
const generatedMsMax = 400 * 86_400_000;

const knownGenerators = Object.keys(generators).join(', ');

export async function readLoad(options: LoadOptions): Promise<NamedLoad> {
  const { trace, generator } = options;
  if (trace !== undefined && generator !== undefined) {
    throw new StartError('--trace and --generator were both given; allowed: one of them', 2);
  }
  if (trace !== undefined) return readRecorded(trace, options);
  if (generator !== undefined) return generate(generator, options);
  throw new StartError(`no load; allowed: --trace <file>, or --generator ${knownGenerators}`, 2);
}

function generate(name: string, options: LoadOptions): NamedLoad {
  const { duration, level, noise, seed } = options;
  if (!isGenerator(name)) {
    throw new StartError(`no generator '${name}'; allowed: ${knownGenerators}`, 2);
  }
  if (duration > generatedMsMax) {
    throw new StartError('--duration is too long; allowed: up to 400d', 2);
  }
  const durationSeconds = Math.floor(duration / 1000);
  const load = generators[name]({ durationSeconds, workPerSecond: level, noise, seed });
  return { name, load, notes: [] };
}

function isGenerator(name: string): name is keyof typeof generators {
  return Object.hasOwn(generators, name);
}

async function readRecorded(path: string, options: LoadOptions): Promise<NamedLoad> {
  const { gaps, series, group } = options;
  const { reading, notes } = await readTraceFile(path, {
    gaps,
    ...(series === undefined ? {} : { series }),
    ...(group === undefined ? {} : { group }),
  });
  const named = toLoad(path, reading, options);
  return { ...named, notes: [...notes, ...named.notes] };
}

/** The same of a CSV's text; `name` is what errors call it. */
export function readTraceText(name: string, text: string, options: LoadOptions): NamedLoad {
  const reader = createCsvReader({ gaps: options.gaps });
  reader.push(text);
  return toLoad(name, reader.finish(), options);
}

function toLoad(name: string, reading: TraceReading, options: LoadOptions): NamedLoad {
  const { within, value, seed } = options;
  if (reading.kind === 'refused') throw new StartError(describeRefusal(name, reading), 2);
  const { trace, gapCount, gaps } = reading;
  const load = expandToSeconds(trace, { within, value, seed });
  return { name, load, notes: gapCount === 0 ? [] : [describeGaps(gaps, gapCount, options)] };
}

function describeGaps(
  gaps: Extract<TraceReading, { kind: 'trace' }>['gaps'],
  gapCount: number,
  options: LoadOptions,
): string {
  const steps = gaps.reduce((sum, gap) => sum + gap.steps, 0);
  const filled = options.gaps === 'hold' ? 'the value before them' : '0';
  const holes = gapCount === 1 ? '1 hole' : `${gapCount} holes`;
  return `${holes} in the trace, ${steps} values or more, filled with ${filled}`;
}
