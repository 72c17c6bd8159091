// Days and hours that are known to be other than usual: sales, holidays, launches. Demand is freed of
// them before anything learns from it, and forecasts are multiplied by them.

import type { EpochMs } from '../time.ts';
import { blockMs } from './levels.ts';

export interface KnownEvent {
  readonly from: EpochMs;
  /** Not within it. */
  readonly to: EpochMs;
  /** Demand is this many times the usual. 0.01–100; beyond that it is taken as the bound. */
  readonly multiplier: number;
}

const multiplierMin = 0.01;
const multiplierMax = 100;
/** Samples of a window that are looked at. */
const samplesMax = 60;

/** The product of the events that cover the start of a block; 1 outside of all. */
export function multiplierAt(events: readonly KnownEvent[], block: number): number {
  const at = block * blockMs;
  let product = 1;
  for (const { from, to, multiplier } of events) {
    if (at >= from && at < to && multiplier > 0) product *= multiplier;
  }
  return Math.max(multiplierMin, Math.min(multiplierMax, product));
}

/** The mean or the greatest multiplier of a window; 1 where no event touches it. */
export function multiplierOver(
  events: readonly KnownEvent[],
  window: { readonly kind: 'mean' | 'max'; readonly from: number; readonly count: number },
): number {
  const { kind, from, count } = window;
  const end = (from + count) * blockMs;
  if (!events.some((event) => event.from < end && event.to > from * blockMs)) return 1;
  const samples = Math.min(count, samplesMax);
  let sum = 0;
  let greatest = 0;
  for (let sample = 0; sample < samples; sample += 1) {
    const multiplier = multiplierAt(events, from + Math.floor((sample * count) / samples));
    sum += multiplier;
    greatest = Math.max(greatest, multiplier);
  }
  return kind === 'max' ? greatest : sum / samples;
}
