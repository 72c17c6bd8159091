// The registry of built-in loads: a name, and a default for each, two weeks long unless said.
import {
  generateDiurnal,
  generateFlashCrowd,
  generateLevelShift,
  generateRamp,
  generateSquare,
  generateSteady,
  generateTelemetryGap,
  generateWeekly,
} from './generators.ts';
import type { GeneratorOptions } from './generators.ts';
import type { Load } from './load.ts';
import { generateRetryStorm } from './retry-storm.ts';
import { generateSocial } from './social.ts';

/** Where within a load its event lies, as a share of its length: past any warm-up. */
const eventShare = 0.75;

/** Every built-in load by name; each takes the same options and places its own event. */
export const generators = {
  steady: generateSteady,
  diurnal: generateDiurnal,
  weekly: generateWeekly,
  ramp: (options: GeneratorOptions): Load => {
    const fromSecond = eventSecond(options);
    return generateRamp({ ...options, fromSecond, toSecond: fromSecond + 3600, toRatio: 4 });
  },
  square: (options: GeneratorOptions): Load =>
    generateSquare({ ...options, periodSeconds: 3600, highRatio: 3 }),
  'flash-crowd': (options: GeneratorOptions): Load =>
    generateFlashCrowd({ ...options, atSecond: eventSecond(options), height: 10 }),
  'retry-storm': (options: GeneratorOptions): Load => {
    const fromSecond = eventSecond(options);
    return generateRetryStorm({ ...options, fromSecond, toSecond: fromSecond + 120 });
  },
  'level-shift': (options: GeneratorOptions): Load =>
    generateLevelShift({ ...options, atSecond: eventSecond(options), toRatio: 2 }),
  'telemetry-gap': (options: GeneratorOptions): Load => {
    const fromSecond = eventSecond(options);
    const gap = { fromSecond, toSecond: fromSecond + 600, seenAs: 'missing' } as const;
    return generateTelemetryGap({ ...options, gap });
  },
  /** Its length, level and noise are part of its definition: only the seed is taken. */
  social: (options: GeneratorOptions): Load => generateSocial(options.seed ?? 1),
} satisfies Record<string, (options: GeneratorOptions) => Load>;

function eventSecond(options: GeneratorOptions): number {
  return Math.floor(options.durationSeconds * eventShare);
}
