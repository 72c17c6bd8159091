// What was learned of a queue, as bytes that outlive the process: how long messages of each class take,
// how long launches take, and, for a short while, how messages arrive. One walk over the model's parts
// writes and reads them, so that the two cannot differ.

import { createPlayingTape, createRecordingTape, type MemoryTape } from '../demand/memory-tape.ts';
import type { EpochMs } from '../time.ts';
import { createArrivalEstimate, stepsMax, type ArrivalEstimate } from './arrival-estimate.ts';
import { classesMax, priorMessages, type DurationModel } from './duration-model.ts';
import { createDurationSketch, type DurationSketch } from './duration-sketch.ts';
import {
  createQueueModel,
  priorLaunches,
  type QueueModel,
  type QueueModelOptions,
} from './queue-model.ts';

/** Grows with every change of what is walked over. */
const memoryVersion = 1;
/** No model comes near: see the test of its size. */
export const queueMemoryBytesMax = 300_000;
/** Of a queue's name and of a class's: longer than any. */
const textLengthMax = 8192;
/** Older arrivals say nothing of now: their trend is averaged over nine minutes. */
const arrivalsKeptMs = 900_000;

/** The queue that a memory is of, and when it was taken. */
export interface QueueMoment {
  readonly queueKey: string;
  readonly at: EpochMs;
}

/** Null while nothing was learned: what the config says first is not to outlive it. */
export function rememberQueue(model: QueueModel, { queueKey, at }: QueueMoment): Uint8Array | null {
  if (!isLearned(model.durations.all, priorMessages) && !isLearned(model.leads, priorLaunches)) {
    return null;
  }
  const tape = createRecordingTape();
  tape.pass(memoryVersion);
  passText(tape, queueKey);
  tape.pass(at);
  walk(model, tape);
  const bytes = tape.bytes();
  return bytes.length <= queueMemoryBytesMax ? bytes : null;
}

export type RecalledQueue =
  | { readonly ok: true; readonly model: QueueModel }
  /** Why it is of no use, as the end of a sentence. */
  | { readonly ok: false; readonly problem: string };

/** The model that goes on from there. What nothing was learned of begins as the options say. */
export function recallQueue(
  bytes: Uint8Array,
  { queueKey, at: now }: QueueMoment,
  options: QueueModelOptions,
): RecalledQueue {
  if (bytes.length > queueMemoryBytesMax) return refuse(`it has ${bytes.length} bytes`);
  const playing = createPlayingTape(bytes);
  const version = playing.pass(0);
  if (version !== memoryVersion) return refuse('another version wrote it');
  const key = passText(playing, '');
  const at = playing.pass(0);
  if (key !== queueKey) return refuse('it is of another queue');
  const tape = createCheckingTape(playing);
  const model = createQueueModel(options);
  walk(model, tape);
  if (!playing.isWhole() || !tape.isSound()) return refuse('it is damaged');
  return { ok: true, model: freshen(model, createQueueModel(options), now - at) };
}

function refuse(problem: string): RecalledQueue {
  return { ok: false, problem };
}

function isLearned({ weight }: DurationSketch, priorWeight: number): boolean {
  return weight > priorWeight;
}

function freshen(recalled: QueueModel, begun: QueueModel, ageMs: number): QueueModel {
  const { arrivals, durations, leads } = recalled;
  const isRecent = ageMs >= 0 && ageMs <= arrivalsKeptMs;
  return {
    ...begun,
    durations: isLearned(durations.all, priorMessages) ? durations : begun.durations,
    leads: isLearned(leads, priorLaunches) ? leads : begun.leads,
    arrivals: isRecent ? arrivals : createArrivalEstimate(),
  };
}

function walk({ arrivals, durations, leads }: QueueModel, tape: MemoryTape): void {
  walkDurations(durations, tape);
  walkSketch(leads, tape);
  walkArrivals(arrivals, tape);
}

/** Without the counts of messages, which are since the controller began. */
function walkDurations({ all, classes }: DurationModel, tape: MemoryTape): void {
  walkSketch(all, tape);
  const known = [...classes];
  const count = Math.min(classesMax, tape.pass(known.length));
  for (let each = 0; each < count; each += 1) {
    const [name, sketch] = known[each] ?? ['', createDurationSketch()];
    const kept = passText(tape, name);
    walkSketch(sketch, tape);
    classes.set(kept, sketch);
  }
}

function walkSketch(sketch: DurationSketch, tape: MemoryTape): void {
  tape.passAll(sketch.weights);
  tape.passAll(sketch.sums);
  sketch.weight = tape.pass(sketch.weight);
  sketch.sum = tape.pass(sketch.sum);
  sketch.squares = tape.pass(sketch.squares);
}

/**
 * Without when it was last counted: what came since is as new as the next count, and a sudden rise
 * begins with it.
 */
function walkArrivals(arrivals: ArrivalEstimate, tape: MemoryTape): void {
  arrivals.perSecond = tape.pass(arrivals.perSecond);
  arrivals.slowPerSecond = tape.pass(arrivals.slowPerSecond);
  arrivals.lastUnfinished = tape.pass(arrivals.lastUnfinished);
  const { arrived } = arrivals;
  const count = Math.min(stepsMax, tape.pass(arrived.length));
  for (let each = 0; each < count; each += 1) {
    const step = arrived[each] ?? { at: 0, messages: 0 };
    step.at = tape.pass(step.at);
    step.messages = tape.pass(step.messages);
    arrived[each] = step;
  }
}

/** As its length and its UTF-16 code units. */
function passText(tape: MemoryTape, text: string): string {
  const written = text.slice(0, textLengthMax);
  const length = Math.min(textLengthMax, tape.pass(written.length));
  const units: number[] = [];
  for (let at = 0; at < length; at += 1) {
    units.push(tape.pass(at < written.length ? written.charCodeAt(at) : 0));
  }
  return units.map((unit) => String.fromCharCode(unit)).join('');
}

/** Passes on what comes, and notes what no model has: a number that is negative or none. */
function createCheckingTape(tape: MemoryTape): MemoryTape & { isSound(): boolean } {
  let isSound = true;
  const check = (value: number): number => {
    if (!(value >= 0 && Number.isFinite(value))) isSound = false;
    return value;
  };
  return {
    pass: (value) => check(tape.pass(value)),
    passAll: (values) => {
      tape.passAll(values);
      for (const value of values) check(value);
    },
    isSound: () => isSound,
  };
}
