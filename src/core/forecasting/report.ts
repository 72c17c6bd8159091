// What a forecaster says of itself: weights and the running scorecard per horizon and expert, beside
// seasonal naive; the seasons it found, the level changes, and what it has demoted.

import type { Admission, AdmissionPhase } from './admission.ts';
import type { Expert } from './experts/expert.ts';
import type { FittedName } from './experts/fitted-expert.ts';
import type { Horizon } from './horizon.ts';
import { blockMs, blocksPerDay, blocksPerWeek, forecastLevels, medianIndex } from './levels.ts';
import { naiveRows, readScore, type ExpertScore } from './scorecard.ts';
import type { Seasons } from './seasons.ts';

/** What became of an expert that is fitted elsewhere. */
export interface FittedReport {
  readonly name: FittedName;
  readonly phase: AdmissionPhase;
  /** Epoch milliseconds; null where it was never tried. */
  readonly since: number | null;
  /** 1 − the ensemble's loss with it / without it; null where too little was seen. */
  readonly gainRatio: number | null;
  /** When it is fitted next; null while it is on trial, and before the first. */
  readonly nextFitAt: number | null;
  /** Why the last fit came to nothing. */
  readonly problem: string | null;
}

export interface ForecastReport {
  readonly horizons: readonly HorizonReport[];
  /** Periods that seasonal experts look back by, in milliseconds. */
  readonly seasonsMs: readonly number[];
  /** When demand was found to have left its level, ascending, the newest twenty. */
  readonly changePoints: readonly number[];
  /** One entry per horizon that answers with the seasonal naive forecast for now. */
  readonly demotions: readonly string[];
  readonly fitted: readonly FittedReport[];
}

export interface HorizonScore extends ExpertScore {
  /** Absolute error over that of the better seasonal naive; null where that is 0 or not known. */
  readonly mase: number | null;
  /** The same of the CRPS, the naive forecast with a band of its own. */
  readonly crpsRatio: number | null;
}

export interface HorizonReport {
  readonly kind: 'mean' | 'max';
  readonly leadMs: number;
  readonly spanMs: number;
  /** Outcomes learnt from. */
  readonly updates: number;
  /** True while it answers with the seasonal naive forecast, because the ensemble loses to it. */
  readonly isDemoted: boolean;
  readonly ensemble: HorizonScore | null;
  readonly experts: readonly {
    readonly name: string;
    /** In the median. Ratio, the sum over experts is 1. */
    readonly weight: number;
    /** At the highest level. */
    readonly tailWeight: number;
    /** It loses to seasonal naive here. */
    readonly isDemoted: boolean;
    readonly score: HorizonScore | null;
  }[];
}

export function reportForecaster(
  horizons: readonly Horizon[],
  experts: readonly Expert[],
  found: {
    readonly seasons: Seasons;
    readonly changePoints: readonly number[];
    readonly admissions: readonly Admission[];
  },
): ForecastReport {
  const reports = horizons.map((horizon) => reportHorizon(horizon, experts));
  const { shortBlocks } = found.seasons;
  const periods = [shortBlocks, blocksPerDay, blocksPerWeek].filter((blocks) => blocks > 0);
  return {
    horizons: reports,
    seasonsMs: periods.map((blocks) => blocks * blockMs),
    changePoints: found.changePoints,
    demotions: reports
      .filter(({ isDemoted }) => isDemoted)
      .map(({ kind, leadMs, spanMs }) => `${kind} of ${spanMs} ms in ${leadMs} ms`),
    fitted: found.admissions.map(reportFitted),
  };
}

export function reportFitted(admission: Admission): FittedReport {
  const { name, phase, since, gain, nextFitAt, problem } = admission;
  return {
    name,
    phase,
    since: since < 0 ? null : since * blockMs,
    gainRatio: gain,
    nextFitAt: phase === 'on-trial' || nextFitAt === 0 ? null : nextFitAt * blockMs,
    problem,
  };
}

function reportHorizon({ channel, key }: Horizon, experts: readonly Expert[]): HorizonReport {
  const scores = channel.scorecard();
  const naive = naiveRows.map((row) => readScore(scores, row)).filter((score) => score !== null);
  const compare = (row: number): HorizonScore | null => {
    const score = readScore(scores, row);
    if (score === null) return null;
    const least = (pick: (of: ExpertScore) => number): number => Math.min(...naive.map(pick));
    return {
      ...score,
      mase: ratio(
        score.absoluteError,
        least(({ absoluteError }) => absoluteError),
      ),
      crpsRatio: ratio(
        score.crps,
        least(({ crps }) => crps),
      ),
    };
  };
  const totalAt = (level: number): number =>
    experts.reduce((sum, expert, index) => {
      return sum + (isAsleep(expert) ? 0 : channel.weightOf(index, level));
    }, 0);
  const tailIndex = forecastLevels.length - 1;
  const middleTotal = totalAt(medianIndex);
  const tailTotal = totalAt(tailIndex);
  return {
    kind: key.kind,
    leadMs: key.lead * blockMs,
    spanMs: key.count * blockMs,
    updates: channel.updates(),
    isDemoted: channel.isDemoted(),
    ensemble: compare(0),
    experts: experts.flatMap((expert, index) => {
      if (isAsleep(expert)) return [];
      const score = compare(index + 1);
      return {
        name: expert.name,
        weight: channel.weightOf(index, medianIndex) / middleTotal,
        tailWeight: channel.weightOf(index, tailIndex) / tailTotal,
        isDemoted: (score?.crpsRatio ?? 0) > 1,
        score,
      };
    }),
  };
}

/** One that has to be fitted, and has no model: its weight takes no part. */
function isAsleep({ state }: Expert): boolean {
  return state?.length === 0;
}

function ratio(value: number, base: number): number | null {
  return base > 0 && Number.isFinite(base) ? value / base : null;
}
