// What people and programs outside may see of the controller and ask of it. The HTTP API is one
// reader of these ports; the command line talks to the API.

import type { Actuation, Decision, Direction } from '../../core/decision.ts';
import type { Counterfactual } from '../../core/counterfactuals.ts';
import type { Explanation } from '../../core/explain.ts';
import type { Mode } from '../../core/group.ts';
import type { Override } from '../../core/observation.ts';
import type { Obstacles } from '../../core/obstacles.ts';
import type { SignalReadings } from '../../core/signal.ts';
import type { SizeObstacles } from '../../core/size-obstacles.ts';
import type { EpochMs } from '../../core/time.ts';
import type { RejectionReason } from '../../wire/rejection.ts';
import type { ToldForecast } from './forecast.ts';
import type { HistoryMinute, HistoryPoint, StoreOutcome } from './store.ts';

export { modes } from '../../core/group.ts';

/** A decision as it is told to people: what was done, why, and what came of it. */
export interface ToldDecision {
  readonly decision: Decision;
  readonly explanation: Explanation;
  /** Null: nothing was to be done, or it is not known yet. */
  readonly actuation: Actuation | null;
  /** What would have been decided without each rule; absent where it was not asked or is not known. */
  readonly counterfactuals?: readonly Counterfactual[];
}

/** What stands between a moment and a change in one direction. */
export interface ToldObstacles {
  readonly obstacles: Obstacles;
  readonly explanation: Explanation;
}

/** What stood against a size. */
export interface ToldSizeObstacles {
  readonly obstacles: SizeObstacles;
  readonly explanation: Explanation;
}

/** Of a group that works off a queue. */
export interface QueueStatus {
  readonly visible: number;
  readonly inFlight: number;
  /** Mean processing duration of a message, as learned. > 0. */
  readonly meanDurationMs: number;
  /** Messages waiting for each instance; null without an instance. */
  readonly backlogPerInstance: number | null;
  /** How many may wait for each while the promise is kept: promise / mean duration. */
  readonly acceptableBacklog: number;
  readonly promiseMs: number;
  /** Of the messages done since the controller began; those that wait still are in none of these. */
  readonly promiseKept: { readonly hour: PromiseShare; readonly day: PromiseShare };
}

export interface PromiseShare {
  /** Done within the promise, of those whose age is known: 0–1. Null: of none it is known. */
  readonly ratio: number | null;
  readonly kept: number;
  readonly late: number;
  /** Done too, by workers that do not say how old a message was. */
  readonly unknown: number;
}

export interface ModeByHand {
  readonly by: string;
  readonly why: string;
  readonly at: EpochMs;
  /** What the config says, and the way back: the mode to ask for. */
  readonly configured: Mode;
}

export interface GroupStatus {
  readonly name: string;
  readonly mode: Mode;
  /** Who set it over that of the config; null where the config's is in force. */
  readonly modeByHand: ModeByHand | null;
  /** Null until the group has been described. */
  readonly desired: number | null;
  readonly inService: number;
  readonly pending: number;
  readonly terminating: number;
  readonly warming: number;
  readonly silent: number;
  /** The newest decision that was no hold; null before the first. */
  readonly lastDecision: ToldDecision | null;
  /** What is decided now. */
  readonly now: ToldDecision | null;
  /** Messages about this group that were not used, by reason; zeros left out. */
  readonly rejected: Readonly<Partial<Record<RejectionReason, number>>>;
  /** In instances, before rounding, as the policies read it now; null where none of them does. */
  readonly demand: number | null;
  /** Left out for a group without a backlog policy, and until its queue was counted. */
  readonly queue?: QueueStatus;
  readonly autoScalingGroup: string;
  readonly min: number;
  readonly max: number;
  readonly signals: SignalReadings;
  readonly overrides: readonly Override[];
  /** The controller that holds the group, if it is not this one. */
  readonly heldBy: string | null;
  /** Why AWS could not be asked, or a source has no value, in one line. */
  readonly problem: string | null;
}

export interface InstanceDetail {
  readonly id: string;
  readonly lifecycleState: string;
  readonly zone: string;
  readonly instanceType: string;
  readonly isReporting: boolean;
  readonly isWarmed: boolean;
  /** Milliseconds since its newest sample; null before the first. */
  readonly sampleAgeMs: number | null;
  readonly clockSkewMs: number | null;
  readonly agentVersion: string | null;
  readonly signals: Readonly<Record<string, number>>;
}

export interface GroupDetail extends GroupStatus {
  readonly instances: readonly InstanceDetail[];
}

export interface DecisionQuery {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly kinds: readonly Decision['kind'][];
  /** Newest first. */
  readonly limit: number;
}

export interface SignalQuery {
  readonly signal: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
}

export interface Health {
  readonly isHealthy: boolean;
  /** One line for each thing that is wrong. */
  readonly problems: readonly string[];
}

/** One family of metrics, in Prometheus's terms. */
export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  /** Appended to the family's name: `_sum`, `_count`. */
  readonly suffix?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Where the running config comes from, and what has become of its file since. */
export interface ConfigStatus {
  readonly file: string;
  readonly appliedAt: EpochMs;
  /** The file as it is now is not used; null if it is what runs. */
  readonly mistake: { readonly since: EpochMs; readonly lines: readonly string[] } | null;
  /** Sections of the file that say something else than what the controller was started with. */
  readonly needsRestart: readonly string[];
}

export interface ReadModel {
  now(): EpochMs;
  groups(): readonly GroupStatus[];
  /** Null for a group that is not there. */
  group(name: string): GroupDetail | null;
  decisions(name: string, query: DecisionQuery): Promise<StoreOutcome<readonly ToldDecision[]>>;
  /** What is decided now, with its counterfactuals. Null before the first decision. */
  currentDecision(name: string): ToldDecision | null;
  /** The decision in force at a moment, with its counterfactuals: the newest one not after it. Null: none is recorded. */
  decisionAt(name: string, at: EpochMs): Promise<StoreOutcome<ToldDecision | null>>;
  /** What stands in the way of such a change now (`at` null) or then. Null: nobody knows. */
  obstacles(
    name: string,
    direction: Direction,
    at: EpochMs | null,
  ): Promise<StoreOutcome<ToldObstacles | null>>;
  /** The same of the desired capacity being `size`. */
  sizeObstacles(
    name: string,
    size: number,
    at: EpochMs | null,
  ): Promise<StoreOutcome<ToldSizeObstacles | null>>;
  minutes(name: string, query: SignalQuery): Promise<StoreOutcome<readonly HistoryMinute[]>>;
  /** Finer than minutes, of the newest days only. */
  tenSeconds(name: string, query: SignalQuery): Promise<StoreOutcome<readonly HistoryPoint[]>>;
  /** Steps of five minutes, so many hours from now. Null: the group's demand is not forecast. */
  forecast(name: string, hours: number): ToldForecast | null;
  metrics(): readonly MetricFamily[];
  health(): Health;
  /** Absent where no file stands behind the config, as in the demo. */
  config?(): ConfigStatus;
}

export type WishRefusalCode =
  | 'unknown-group'
  | 'out-of-bounds'
  | 'mode'
  | 'nothing-to-end'
  | 'store';

export type WishOutcome =
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly code: WishRefusalCode; readonly message: string };

export interface ModeWish {
  readonly mode: Mode;
  readonly by: string;
  readonly why: string;
}

export interface Commands {
  /** Puts a wish in force, in the place of the group's last one of its kind. */
  put(group: string, override: Override): Promise<WishOutcome>;
  /** Whether `put` would grant it now; changes nothing. */
  check(group: string, override: Override): WishOutcome;
  /** Ends every override of the group, so that the policies decide again. */
  end(group: string, by: string): Promise<WishOutcome>;
  /** Also over restarts, until it is changed again or the settings say another mode than they did. */
  changeMode(group: string, wish: ModeWish): Promise<WishOutcome>;
}
