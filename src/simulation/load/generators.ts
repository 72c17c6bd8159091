// Built-in loads with a known shape, for examples, tests and the suite of bad days.
import { createRandom, drawPoisson } from '../random.ts';
import type { Load, TelemetryGap } from './load.ts';

export const secondsPerDay = 86_400;
/** A Monday, 1970-01-05 00:00 UTC, so that weekdays read off a load's times are right. */
export const firstMondaySeconds = 4 * secondsPerDay;
/** The hour of the daily peak of every generator with a day in it. */
const peakHour = 15;

export interface GeneratorOptions {
  readonly durationSeconds: number;
  readonly startSeconds?: number;
  /** The level before anything is added to it. */
  readonly workPerSecond: number;
  /** `poisson`: each second is a count with the shape as its mean. Default `none`. */
  readonly noise?: 'none' | 'poisson';
  readonly seed?: number;
}

/** A multiple of the level at a second of the load. */
type Shape = (second: number) => number;

/** The same demand for ever. */
export function generateSteady(options: GeneratorOptions): Load {
  return shapeLoad(options, () => 1);
}

/** A cosine over the day: the level plus and minus `swing`, its peak at 15:00 UTC. */
export function generateDiurnal(options: GeneratorOptions & { readonly swing?: number }): Load {
  return shapeLoad(options, dailyShape(options.startSeconds, options.swing ?? 0.5));
}

/** The diurnal shape, with Saturday and Sunday (UTC) at a share of it. */
export function generateWeekly(
  options: GeneratorOptions & { readonly swing?: number; readonly weekendRatio?: number },
): Load {
  const daily = dailyShape(options.startSeconds, options.swing ?? 0.5);
  const start = options.startSeconds ?? firstMondaySeconds;
  const ratio = options.weekendRatio ?? 0.8;
  return shapeLoad(options, (second) => daily(second) * weekendFactor(start + second, ratio));
}

/** From the level to `toRatio` times it, in a line between two seconds. */
export function generateRamp(
  options: GeneratorOptions & {
    readonly fromSecond: number;
    readonly toSecond: number;
    readonly toRatio: number;
  },
): Load {
  const { fromSecond, toSecond, toRatio } = options;
  return shapeLoad(options, (second) => {
    const done = (second - fromSecond) / Math.max(1, toSecond - fromSecond);
    return 1 + (toRatio - 1) * Math.min(1, Math.max(0, done));
  });
}

/** Half a period at the level, half a period at `highRatio` times it. */
export function generateSquare(
  options: GeneratorOptions & { readonly periodSeconds: number; readonly highRatio: number },
): Load {
  const { periodSeconds, highRatio } = options;
  return shapeLoad(options, (second) =>
    second % periodSeconds < periodSeconds / 2 ? 1 : highRatio,
  );
}

/** One step that stays. */
export function generateLevelShift(
  options: GeneratorOptions & { readonly atSecond: number; readonly toRatio: number },
): Load {
  return shapeLoad(options, (second) => (second < options.atSecond ? 1 : options.toRatio));
}

/** A crowd: a line up to `height` times the level, then an exponential decay. */
export function generateFlashCrowd(
  options: GeneratorOptions & {
    readonly atSecond: number;
    readonly height: number;
    readonly riseSeconds?: number;
    readonly decaySeconds?: number;
  },
): Load {
  const { atSecond, height, riseSeconds = 30, decaySeconds = 900 } = options;
  return shapeLoad(options, (second) => {
    const age = second - atSecond;
    if (age < 0) return 1;
    const excess = age < riseSeconds ? age / riseSeconds : decay(age - riseSeconds, decaySeconds);
    return 1 + (height - 1) * excess;
  });
}

/** Demand as in `generateDiurnal` that monitoring does not see for a while. */
export function generateTelemetryGap(
  options: GeneratorOptions & { readonly gap: TelemetryGap; readonly swing?: number },
): Load {
  return { ...generateDiurnal(options), telemetryGaps: [options.gap] };
}

/** The level times a shape, with noise if asked for. */
export function shapeLoad(options: GeneratorOptions, shape: Shape): Load {
  const workPerSecond = new Float64Array(options.durationSeconds);
  for (let second = 0; second < workPerSecond.length; second += 1) {
    workPerSecond[second] = options.workPerSecond * shape(second);
  }
  if (options.noise === 'poisson') drawSeconds(workPerSecond, options.seed ?? 1);
  return {
    startSeconds: options.startSeconds ?? firstMondaySeconds,
    workPerSecond,
    telemetryGaps: [],
  };
}

/** Replaces each mean by a Poisson count. */
export function drawSeconds(means: Float64Array, seed: number): void {
  const random = createRandom(seed, 'seconds');
  for (let second = 0; second < means.length; second += 1) {
    means[second] = drawPoisson(random, means[second] ?? 0);
  }
}

/** 1 ± swing over the day. */
export function dailyShape(startSeconds = firstMondaySeconds, swing = 0.5): Shape {
  const peakSecond = peakHour * 3600 - startSeconds;
  return (second) => 1 + swing * Math.cos((2 * Math.PI * (second - peakSecond)) / secondsPerDay);
}

/** `ratio` on Saturday and Sunday (UTC), else 1. Day 0 of the epoch was a Thursday. */
export function weekendFactor(epochSeconds: number, ratio: number): number {
  const dayFromMonday = (Math.floor(epochSeconds / secondsPerDay) + 3) % 7;
  return dayFromMonday >= 5 ? ratio : 1;
}

function decay(age: number, decaySeconds: number): number {
  return Math.exp(-age / decaySeconds);
}
