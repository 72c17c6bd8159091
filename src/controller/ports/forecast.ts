// A group's demand to come as others see it: the quantiles of each step, how they were come by, and
// what of the group turns them into instances.

import type { FittedReport, HorizonReport } from '../../core/forecasting/report.ts';
import type { EpochMs } from '../../core/time.ts';
import type { HistoryImport, HistoryImported, StoreOutcome } from './store.ts';

export type ForecastCode =
  | 'ok'
  /** Usable, and answered by seasonal naive for now. */
  | 'demoted-to-naive'
  /** Usable, but no whole day has been seen twice: nothing is known of the time of day. */
  | 'short-history'
  /** Not usable. */
  | 'too-little-history'
  | 'no-recent-demand'
  | 'not-finite'
  | 'still-learning';

export interface ToldForecast {
  readonly group: string;
  readonly isUsable: boolean;
  readonly code: ForecastCode;
  /** Of what the demand is the sum: `cpu`, or a signal from elsewhere. */
  readonly signal: string;
  /** Start of the first step, a multiple of `stepMs`. */
  readonly start: EpochMs;
  readonly stepMs: number;
  /** Ascending probabilities. */
  readonly levels: readonly number[];
  /** For each step the mean demand at each level; empty where it is not usable. */
  readonly quantiles: readonly (readonly number[])[];
  /** In the median, an hour ahead. */
  readonly experts: readonly { readonly name: string; readonly weight: number }[];
  /** ARIMA and LSTM, which have a part only where they are worth it; empty where none is fitted. */
  readonly fitted: readonly ToldFitted[];
  readonly scorecard: readonly HorizonReport[];
  readonly seasonsMs: readonly number[];
  /** From the oldest demand that is known to the newest. */
  readonly historyMs: number;
  /** The newest ten seconds; null before the first. */
  readonly demand: number | null;
  readonly sizing: Sizing;
  /** For groups that are to have one, once it has been decided about. */
  readonly warmPool?: ToldWarmPool;
}

export interface ToldFitted extends FittedReport {
  /** In a sentence. */
  readonly explanation: string;
}

/** What waits ready beside the instances in service, and what is to be there. */
export interface ToldWarmPool {
  /** What becomes of it and why, in a sentence. */
  readonly explanation: string;
  /** At rest in it or on their way there. */
  readonly waiting: number;
  /** Dollars for those at rest; null where no price is known. */
  readonly perHour: number | null;
}

/** What turns demand into instances. */
export interface Sizing {
  /** Demand that one instance is to carry; null where nothing says. */
  readonly perInstance: number | null;
  /** Learned by a demand policy, or the target of a policy that looks at the same signal. */
  readonly basis: 'learned' | 'target' | null;
  /** From a launch to its first use. */
  readonly leadMs: number;
  readonly isLeadLearned: boolean;
  /** Dollars; null where no price is known. */
  readonly pricePerInstanceHour: number | null;
  readonly min: number;
  readonly max: number;
  readonly desired: number | null;
}

/** The way for a group's past from elsewhere into a running controller. */
export interface HistoryIntake {
  /**
   * Takes minutes into the history of one of its groups. `isLast`: there are no more, and what was
   * learnt from the history is learnt anew.
   */
  importHistory(
    request: HistoryImport & { readonly isLast: boolean },
  ): Promise<StoreOutcome<HistoryImported>>;
  /** The series that the group's demand is kept under; null: it is not forecast. */
  seriesOf(group: string): string | null;
}
