// A reading averaged with weights that fade: a value that is one time constant old counts for 1/e of
// a new one. No value falls out at once, so that a peak leaves no echo as it leaves a mean.

import type { EpochMs } from '../core/time.ts';
import { holdMsMax } from './signal-window.ts';

export class SmoothedWindow {
  readonly #constantMs: number;
  #weighted = 0;
  #weight = 0;
  #lastAt: EpochMs | null = null;

  constructor(constantMs: number) {
    this.#constantMs = constantMs;
  }

  /**
   * Enters a value and returns the average, weighted by e^(−age / constant) over the time that was
   * observed. The first value is its own average (not pulled towards 0); in a gap the old fades, and
   * the value after it counts for no more time than one may stand.
   */
  add(at: EpochMs, value: number): number {
    const sinceLastMs = Math.max(1, this.#lastAt === null ? holdMsMax : at - this.#lastAt);
    this.#lastAt = at;
    const kept = Math.exp(-sinceLastMs / this.#constantMs);
    const weight = this.#weightOf(sinceLastMs);
    this.#weighted = this.#weighted * kept + value * weight;
    this.#weight = this.#weight * kept + weight;
    return this.#weighted / this.#weight;
  }

  /** What `add` would return for a value that stands for the next `weightMs`, without entering it. */
  preview(value: number, weightMs: number): number {
    const kept = Math.exp(-weightMs / this.#constantMs);
    const weight = this.#weightOf(weightMs);
    return (this.#weighted * kept + value * weight) / (this.#weight * kept + weight);
  }

  /** 1 − e^(−stood / constant): what a constant value adds in that time. */
  #weightOf(stoodMs: number): number {
    return -Math.expm1(-Math.min(stoodMs, holdMsMax) / this.#constantMs);
  }
}
