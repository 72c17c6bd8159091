// How a selector's number is averaged over time: which window it has, if any.

import type { SignalSelector } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import { SignalWindow } from './signal-window.ts';
import { SmoothedWindow } from './smoothed-window.ts';

/** A window of one tick or less takes the newest value as it is. */
const instantMs = 1000;

export interface ReadingWindow {
  /** Enters a value and returns the average that ends now. */
  add(at: EpochMs, value: number): number;
  /** What `add` would return for a value that stands for the next `weightMs`, without entering it. */
  preview(value: number, weightMs: number): number;
}

/** Null where the newest value is taken as it is. */
export function openWindow({ windowMs, smoothing }: SignalSelector): ReadingWindow | null {
  if (windowMs <= instantMs) return null;
  return smoothing === 'ewma' ? new SmoothedWindow(windowMs) : new SignalWindow(windowMs);
}
