// Why: one code per rule, with the numbers that the rule looked at. Closed, so that every reason has
// a sentence (`explain.ts`) and every sentence has a test.

import type { RefusalCode } from './actuation.ts';
import type { LatencyPromise } from './demand/staffing.ts';
import type { Unevaluated } from './expression.ts';
import type { ForeignChange } from './foreign-change.ts';
import type { UnseenSignal } from './observation.ts';
import type { NativeHold } from './queue/native-reading.ts';
import type { EpochMs } from './time.ts';
import type { PoolPlan, WarmPoolState } from './warm-pool/warm-pool.ts';

export type Reason =
  // Policies
  | {
      readonly code: 'demand';
      /** Work per second, and what one instance can do of it. */
      readonly demand: number;
      readonly capacityPerInstance: number;
      readonly leadMs: number;
      /** Sizes worth launching and worth keeping. */
      readonly add: number;
      readonly keep: number;
      readonly riskRatio: number;
      readonly isForecast: boolean;
      /** What the sizes promise, where it is a latency, and the service time they are reckoned by. */
      readonly latency?: LatencyPromise & { readonly serviceMs: number };
      /** Waiting in a warm pool, which lowers both sizes. */
      readonly pool?: { readonly ready: number; readonly leadMs: number };
    }
  | {
      readonly code: 'forecast';
      /** What is expected within `aheadMs`, and how much of it an instance is to carry. */
      readonly demand: number;
      readonly target: number;
      readonly aheadMs: number;
      /** Null: the group's maximum stays. */
      readonly raisesMaxTo: number | null;
    }
  | {
      readonly code: 'forecast-only';
      readonly demand: number;
      readonly target: number;
      readonly aheadMs: number;
      readonly size: number;
    }
  | { readonly code: 'forecast-unusable'; readonly cause: string }
  | { readonly code: 'forecast-unknown' }
  | { readonly code: 'forecast-stale'; readonly ageMs: number }
  | {
      readonly code: 'backlog-promise';
      readonly visible: number;
      readonly inFlight: number;
      readonly meanMs: number;
      readonly p95Ms: number;
      readonly leadMs: number;
      readonly arrivalsPerSecond: number;
      readonly promiseMs: number;
      readonly oldestMs: number;
      /** Sizes that the promise needs and that are worth keeping. */
      readonly add: number;
      readonly keep: number;
      /** Messages too late already. */
      readonly hopeless: number;
      /** Of a FIFO queue, where they allow fewer instances than would be needed otherwise. */
      readonly messageGroups?: number;
    }
  | {
      readonly code: 'backlog-recipe';
      readonly visible: number;
      readonly inFlight: number;
      /** Messages per instance: measured, null without an instance; and acceptable. */
      readonly backlog: number | null;
      readonly target: number;
      readonly meanMs: number;
      readonly messageGroups?: number;
    }
  | {
      readonly code: 'backlog-setter';
      readonly visible: number;
      readonly inFlight: number;
      /** The name of the AWS policy that is in charge. */
      readonly native: string;
      readonly backlog: number;
      /** What its target should be, and what it was last seen to be; null before. */
      readonly target: number;
      readonly isFixed: boolean;
      readonly present: number | null;
      readonly meanMs: number;
      readonly problem: string | null;
      readonly held: NativeHold | null;
    }
  /** A promise needs a larger size than is allowed. */
  | {
      readonly code: 'promise-beyond-max';
      readonly promiseMs: number;
      readonly needed: number;
      readonly max: number;
    }
  | { readonly code: 'queue-unknown' }
  | { readonly code: 'queue-stale'; readonly ageMs: number }
  | { readonly code: 'demand-unknown' }
  /** `signal` null: the service time is stated, and the work in a second is what is not known. */
  | { readonly code: 'latency-unknown'; readonly signal: string | null }
  | ({ readonly code: 'latency-unreachable'; readonly serviceMs: number } & LatencyPromise)
  | { readonly code: 'demand-stale'; readonly ageMs: number }
  | {
      readonly code: 'target-tracking';
      readonly signal: string;
      readonly value: number;
      readonly target: number;
      readonly instances: number;
    }
  | {
      readonly code: 'within-tolerance';
      readonly signal: string;
      readonly value: number;
      readonly target: number;
      readonly toleranceRatio: number;
    }
  | {
      readonly code: 'step';
      readonly signal: string;
      readonly value: number;
      readonly lower: number | null;
      readonly upper: number | null;
      readonly change: number;
    }
  | { readonly code: 'no-step'; readonly signal: string; readonly value: number }
  | Unevaluated
  /** No instance that could report it; and what is seen of one that no instance reports. */
  | { readonly code: 'no-instances'; readonly signal: string }
  | { readonly code: 'empty'; readonly signal: string; readonly value: number }
  | { readonly code: 'fixed'; readonly size: number }
  | {
      readonly code: 'schedule';
      readonly kind: 'min' | 'max' | 'exact';
      readonly size: number;
      readonly until: EpochMs;
    }
  | { readonly code: 'schedule-inactive'; readonly next: EpochMs | null }
  | { readonly code: 'schedule-unknown' }
  // People
  | { readonly code: 'override-set'; readonly desired: number; readonly by: string }
  | {
      readonly code: 'override-hold';
      readonly atLeast: number;
      readonly by: string;
      readonly why: string;
      readonly until: EpochMs | null;
    }
  // Guardrails
  | { readonly code: 'paused'; readonly by: string; readonly until: EpochMs | null }
  /** An AWS policy sets the size. */
  | { readonly code: 'native-in-charge'; readonly native: string }
  | { readonly code: 'held-by-other'; readonly controller: string }
  | { readonly code: 'capacity-unknown' }
  | { readonly code: 'act-in-flight'; readonly to: number; readonly since: EpochMs }
  | { readonly code: 'outcome-unknown'; readonly to: number; readonly since: EpochMs }
  | {
      readonly code: 'refused-recently';
      readonly refusal: RefusalCode;
      readonly times: number;
      readonly retryAt: EpochMs;
    }
  | { readonly code: 'capacity-stale'; readonly ageMs: number }
  | { readonly code: 'broker-down' }
  | { readonly code: 'journal-unwritable' }
  | { readonly code: 'veto'; readonly veto: string; readonly policy: string }
  | { readonly code: 'policy-blind'; readonly policy: string }
  | {
      readonly code: 'too-few-reports';
      readonly reporting: number;
      readonly expected: number;
      readonly minReportingRatio: number;
    }
  | { readonly code: 'warming'; readonly warming: number; readonly pending: number }
  /** So many launches are pending, and so many of them are cancelled first. */
  | { readonly code: 'pending-launches'; readonly pending: number; readonly cancelled: number }
  /** Instances tell of their work, and only so many have none in hand; so many hear no commands. */
  | { readonly code: 'busy-instances'; readonly idle: number; readonly deaf?: number }
  | { readonly code: 'stabilization'; readonly windowMs: number; readonly size: number }
  | { readonly code: 'cooldown'; readonly until: EpochMs }
  | {
      readonly code: 'rate';
      readonly direction: 'scale-out' | 'scale-in';
      /** Instances a period, and how many of them the last period has had. */
      readonly most: number;
      readonly used: number;
      readonly periodMs: number;
    }
  | {
      readonly code: 'budget-hour';
      readonly perHour: number;
      readonly pricePerInstanceHour: number;
    }
  | {
      readonly code: 'budget-month';
      readonly perMonth: number;
      readonly monthToDate: number;
      /** What the month will cost if it goes on as it has. */
      readonly forecast: number;
    }
  | { readonly code: 'budget-unknown' }
  | ({ readonly code: 'unseen-signal' } & UnseenSignal)
  | {
      readonly code: 'freeze';
      readonly name: string;
      readonly direction: 'scale-out' | 'scale-in';
      readonly until: EpochMs;
    }
  | {
      readonly code: 'unhealthy';
      readonly unhealthy: number;
      readonly minHealthyRatio: number;
      readonly least: number;
    }
  /** `until` null: only said, and not yielded to. */
  | ({ readonly code: 'foreign-change'; readonly until: EpochMs | null } & ForeignChange)
  | {
      readonly code: 'launch-failures';
      readonly inARow: number;
      readonly cause: string;
      readonly until: EpochMs;
    }
  // The warm pool
  | ({
      readonly code: 'warm-pool';
      readonly state: WarmPoolState;
      readonly ready: number;
      readonly preparing: number;
    } & Omit<PoolPlan, 'at'>)
  | { readonly code: 'warm-pool-unknown' }
  | { readonly code: 'warm-pool-ending' }
  | {
      readonly code: 'warm-pool-asked';
      readonly prepared: number;
      readonly tries: number;
      readonly at: EpochMs;
    }
  | { readonly code: 'scale-out-only' }
  | {
      readonly code: 'size-bounds';
      readonly min: number;
      readonly max: number;
      /** Instances that drain, which the maximum counts and the size does not. Absent for none. */
      readonly draining?: number;
    }
  | { readonly code: 'observe-only' }
  | { readonly code: 'already-advised'; readonly size: number };

export type ReasonCode = Reason['code'];
