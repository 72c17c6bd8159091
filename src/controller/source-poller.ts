// Reads one source again and again, on a schedule of its own: at whole multiples of its period, so
// that the sources of all groups fall due together and can share calls; one read at a time; further
// apart while it fails. A read never keeps a tick waiting.
//
//     due ─ask─▶ asking ─value──────▶ due at the next multiple
//      ▲            └─failed────────▶ due at a later one, up to a minute or the period apart
//      └────────────────────────────┘

import type { EpochMs } from '../core/time.ts';
import { isRatioSignal } from '../wire/report.ts';
import type { GroupSource } from './group-settings.ts';
import type { CancelTimer, Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { SourceOutcome } from './ports/signal-source.ts';

/** The longest wait after failures in a row, unless the period itself is longer. */
export const sourceBackoffMaxMs = 60_000;

export interface SourcePollerOptions {
  readonly group: string;
  readonly source: GroupSource;
  readonly clock: Clock;
  readonly log: Log;
  readonly onValue: (value: number, at: EpochMs) => void;
}

export class SourcePoller {
  readonly #options: SourcePollerOptions;
  #cancel: CancelTimer | null = null;
  #isStopped = false;
  #failuresInRow = 0;
  /** Why the last read came to no value; null if it did. */
  #complaint: string | null = null;

  constructor(options: SourcePollerOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.source.name;
  }

  get complaint(): string | null {
    return this.#complaint;
  }

  /** Reads at once, and from then on when due. */
  start(): void {
    this.#schedule(0);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel?.();
    this.#cancel = null;
  }

  #schedule(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(delayMs, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    const { source, clock, onValue } = this.#options;
    const outcome = judge(source, await source.source.read(), clock.now());
    if (this.#isStopped) return;
    this.#complain(outcome);
    this.#failuresInRow = outcome.kind === 'failed' ? this.#failuresInRow + 1 : 0;
    if (outcome.kind === 'value') onValue(outcome.value, outcome.measuredAt);
    this.#schedule(this.#findWait(clock.now()));
  }

  /** To the next multiple of the period; after failures to the first one that is far enough away. */
  #findWait(now: EpochMs): number {
    const { everyMs } = this.#options.source;
    const doublings = Math.min(Math.max(0, this.#failuresInRow - 1), 10);
    const apartMs = Math.max(everyMs, Math.min(sourceBackoffMaxMs, everyMs * (1 << doublings)));
    const earliest = now + apartMs - everyMs + 1;
    return Math.ceil(earliest / everyMs) * everyMs - now;
  }

  /** Said when it changes, not each time. */
  #complain(outcome: SourceOutcome): void {
    const { group, source, log } = this.#options;
    const before = this.#complaint;
    this.#complaint = outcome.kind === 'value' ? null : outcome.message;
    if (this.#complaint === before) return;
    const name = `${group}: the source ${source.name}`;
    if (this.#complaint === null) log.write('info', `${name} can be read again`);
    else log.write('warn', `${name} has no value: ${this.#complaint}; trying again`);
  }
}

/** What a reading comes to in the terms of the config: scaled, and refused where it cannot be. */
function judge(source: GroupSource, outcome: SourceOutcome, now: EpochMs): SourceOutcome {
  if (outcome.kind === 'failed') return outcome;
  if (outcome.kind === 'nothing') {
    return source.isNothingZero ? { kind: 'value', value: 0, measuredAt: now } : outcome;
  }
  const value = outcome.value * source.scale;
  if (!Number.isFinite(value) || value < 0) {
    return { kind: 'failed', message: `${outcome.value}, allowed: a number from 0` };
  }
  if (value > 1 && isRatioSignal(source.name)) {
    const allowed = 'a share from 0 to 1 (scale: 0.01 makes one of a percent)';
    return { kind: 'failed', message: `${value} for ${source.name}, allowed: ${allowed}` };
  }
  // A clock ahead of ours must not make a reading last longer.
  return { kind: 'value', value, measuredAt: Math.min(outcome.measuredAt, now) };
}
