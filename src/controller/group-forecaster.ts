// The live forecaster of one group: demand in whole from the means that the history keeps, block by
// block, and forecasts of it. Where its past comes from is the keeper's business.

import {
  createDemandForecaster,
  type DemandForecaster,
  type MaxForecast,
} from '../core/forecasting/demand-forecaster.ts';
import { snapshotVersion, type ForecastSnapshot } from '../core/forecasting/demand-learner.ts';
import type { FittedName } from '../core/forecasting/experts/fitted-expert.ts';
import type { FitTask } from '../core/forecasting/fit-series.ts';
import type { FittedReport, ForecastReport } from '../core/forecasting/report.ts';
import type { EpochMs } from '../core/time.ts';
import { blockMs } from './history-recorder.ts';
import type { FitOutcome } from './ports/model-fitter.ts';
import type { HistoryPoint } from './ports/store.ts';

/** Which signal a group's demand is made of. */
export interface ForecastTerms {
  readonly signal: string;
  /** A total of the group; else the mean of its instances, which their number makes one. */
  readonly isTotal: boolean;
  /** How often it is read: a reading stands so long. 10 s or less for what instances report. */
  readonly everyMs: number;
  /** Spans ahead that policies ask the greatest demand of. */
  readonly spansMs?: readonly number[];
  /** False: no expert is fitted. */
  readonly fits?: boolean;
}

/** A fit that is under way elsewhere. */
export interface BegunFit {
  readonly name: FittedName;
  readonly task: FitTask;
  /** Takes up what came of it, unless everything was forgotten meanwhile. */
  finish(outcome: FitOutcome): void;
}

/** What is forecast for plans: as many horizons as a day of such steps has. */
export const planStepMs = 300_000;
const horizonsMax = 20;
/** A prime, so that near names fall far apart. */
const phasesMax = 2153;
/** Busier than this the instances show no demand that they cannot carry. */
const fullRatio = 0.97;
/** Counts of instances kept for blocks that are still open. */
const openBlocksMax = 24;

interface Serving {
  readonly start: EpochMs;
  instances: number;
  ticks: number;
}

/** The series of a group's demand in the history. */
export function demandSeries({
  signal,
  isTotal,
}: Pick<ForecastTerms, 'signal' | 'isTotal'>): string {
  return isTotal ? signal : `sum:${signal}`;
}

export class GroupForecaster {
  readonly group: string;
  terms: ForecastTerms;
  readonly #options: { readonly horizonsMax: number; readonly phase: number };
  #forecaster: DemandForecaster;
  #serving: Serving[] = [];
  #newest: HistoryPoint | null = null;
  #oldestAt: EpochMs | null = null;

  constructor(group: string, terms: ForecastTerms) {
    this.group = group;
    this.terms = terms;
    this.#options = { horizonsMax, phase: phaseOf(group) };
    this.#forecaster = createDemandForecaster(this.#options);
  }

  /** End of the newest block that was learnt from; null before the first. */
  get learntUntil(): EpochMs | null {
    return this.#newest === null ? null : this.#newest.start + blockMs;
  }

  get newestDemand(): number | null {
    return this.#newest?.mean ?? null;
  }

  get historyMs(): number {
    if (this.#newest === null || this.#oldestAt === null) return 0;
    return this.#newest.start + blockMs - this.#oldestAt;
  }

  /** Once a tick: so many instances serve now. */
  noteServing(now: EpochMs, instances: number): void {
    if (this.terms.isTotal) return;
    const start = Math.floor(now / blockMs) * blockMs;
    const last = this.#serving.at(-1);
    if (last?.start === start) {
      last.instances += instances;
      last.ticks += 1;
      return;
    }
    this.#serving.push({ start, instances, ticks: 1 });
    if (this.#serving.length > openBlocksMax) this.#serving.shift();
  }

  /** Of the means of closed blocks those of the group's demand, in whole, oldest first. */
  toDemand(points: readonly HistoryPoint[]): readonly HistoryPoint[] {
    const { signal, isTotal } = this.terms;
    const own = points.filter((point) => point.signal === signal);
    const whole = isTotal ? own : own.flatMap((point) => this.#total(point) ?? []);
    return whole.toSorted((one, other) => one.start - other.start);
  }

  /** Learns from points of `demandSeries`, ascending. What is older than the newest is left out. */
  learn(points: readonly HistoryPoint[]): void {
    for (const point of points) {
      const { start, mean } = point;
      if (this.#newest !== null && start <= this.#newest.start) continue;
      this.#hold(start);
      this.#forecaster.observe({ startsAt: start, demand: mean, isCensored: this.#isFull(point) });
      this.#oldestAt ??= start;
      this.#newest = point;
    }
  }

  /** Mean demand of each step from `start` on, as far as `steps`. Null: not a single one is known. */
  forecastSteps(start: EpochMs, steps: number): readonly MaxForecast[] {
    const newest = this.learntUntil ?? start;
    const forecasts: MaxForecast[] = [];
    for (let step = 0; step < steps; step += 1) {
      const leadMs = start + step * planStepMs - newest;
      forecasts.push(this.#forecaster.forecastMean(Math.max(0, leadMs), planStepMs));
    }
    return forecasts;
  }

  /** The greatest demand from now on over a span. */
  forecastMax(spanMs: number): MaxForecast {
    return this.#forecaster.forecastMax(0, spanMs);
  }

  /** Asks for a day of steps and for what policies ask, so that these horizons are learnt on. */
  keepHorizons(): void {
    // By factors: horizons in between are shared.
    for (let leadMs = 0; leadMs < 86_400_000; leadMs = Math.max(planStepMs, leadMs * 1.4)) {
      this.#forecaster.forecastMean(leadMs, planStepMs);
    }
    for (const spanMs of this.terms.spansMs ?? []) this.#forecaster.forecastMax(0, spanMs);
  }

  /** Since when an expert waits for a fit, in blocks; null: none does. */
  fitDueSince(): number | null {
    if (this.terms.fits === false) return null;
    return this.#forecaster.findFitDue()?.since ?? null;
  }

  /** The fit that is due; null: none is. */
  beginFit(): BegunFit | null {
    const forecaster = this.#forecaster;
    const due = forecaster.findFitDue();
    const task = due === null ? null : forecaster.readFitTask();
    if (due === null || task === null) return null;
    const { name } = due;
    return {
      name,
      task,
      finish: (outcome) => {
        if (forecaster !== this.#forecaster) return;
        if (outcome.ok) forecaster.adopt(name, outcome.packed);
        else forecaster.decline(name, outcome.code);
      },
    };
  }

  listFitted(): readonly FittedReport[] {
    return this.#forecaster.listFitted();
  }

  describe(): ForecastReport {
    return this.#forecaster.describe();
  }

  /** A copy for `restore`, made of typed arrays: it costs the loop a millisecond or two. */
  save(): unknown {
    const { signal, isTotal } = this.terms;
    const kept: Kept = {
      terms: { signal, isTotal },
      newest: this.#newest,
      oldestAt: this.#oldestAt,
      snapshot: this.#forecaster.snapshot(),
    };
    return kept;
  }

  /** False where it is of another signal or version, or not of `save`. */
  restore(saved: unknown): boolean {
    const kept = readKept(saved);
    if (kept === null || demandSeries(kept.terms) !== demandSeries(this.terms)) return false;
    this.#forecaster = createDemandForecaster(this.#options, kept.snapshot);
    this.#newest = kept.newest;
    this.#oldestAt = kept.oldestAt;
    return true;
  }

  /** Forgets everything: what is in the history is to be learnt anew. */
  forget(): void {
    this.#forecaster = createDemandForecaster(this.#options);
    this.#newest = null;
    this.#oldestAt = null;
  }

  /** Between two readings of a signal that is read seldom the older one stands. */
  #hold(until: EpochMs): void {
    if (this.#newest === null) return;
    const { start, mean } = this.#newest;
    const standsUntil = Math.min(until, start + this.terms.everyMs);
    for (let at = start + blockMs; at < standsUntil; at += blockMs) {
      this.#forecaster.observe({ startsAt: at, demand: mean, isCensored: false });
    }
  }

  #total({ group, start, mean }: HistoryPoint): HistoryPoint | null {
    const serving = this.#serving.find((one) => one.start === start);
    if (serving === undefined) return null;
    const instances = serving.instances / serving.ticks;
    // No instance and yet a mean: one that was leaving; no demand can be told from it.
    if (instances === 0) return null;
    return { group, signal: demandSeries(this.terms), start, mean: mean * instances };
  }

  /** Only a share of an instance has a most that is known. */
  #isFull({ start, mean }: HistoryPoint): boolean {
    if (this.terms.isTotal || this.terms.signal !== 'cpu') return false;
    const serving = this.#serving.find((one) => one.start === start);
    return serving !== undefined && mean >= (fullRatio * serving.instances) / serving.ticks;
  }
}

/** Spreads groups evenly over the blocks of six hours, by name: a thousand are not to work at once. */
function phaseOf(group: string): number {
  let phase = 0;
  for (const character of group) {
    phase = (phase * 31 + (character.codePointAt(0) ?? 0)) % phasesMax;
  }
  return phase;
}

interface Kept {
  readonly terms: Pick<ForecastTerms, 'signal' | 'isTotal'>;
  readonly newest: HistoryPoint | null;
  readonly oldestAt: EpochMs | null;
  readonly snapshot: ForecastSnapshot;
}

function readKept(saved: unknown): Kept | null {
  if (typeof saved !== 'object' || saved === null || !('snapshot' in saved)) return null;
  // Written by `save` of this version or another, and each version of a snapshot has one shape.
  const kept = saved as Kept;
  return kept.snapshot.version === snapshotVersion ? kept : null;
}
