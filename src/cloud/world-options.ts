// Every figure of the model that AWS does not publish, named, with its default. Sources: [seen] on
// the wire or in public threads, [known] commonly reported; both may be changed.

import type { Lognormal } from './random.ts';

/** Where an instance starts from. */
export type StartKind = 'cold' | 'stopped' | 'hibernated' | 'running';

/** Both times count from the request; an instance is never useful before it runs. */
export interface BootTimes {
  /** Until EC2 says `running`, which is when billing starts. */
  readonly running: Lognormal;
  /** Until the program on it is useful. */
  readonly ready: Lognormal;
}

export interface WorldOptions {
  /** Names every random stream of the world. */
  readonly seed: number;
  readonly region: string;
  readonly accountId: string;
  /** The zones a group gets whose subnets or zones are not told otherwise. */
  readonly zones: readonly string[];
  readonly boot: Readonly<Record<StartKind, BootTimes>>;
  /** From a change of desired capacity to the launch or termination. About 2 s [seen]. */
  readonly reconcileDelayMs: number;
  /** The share of launches that fail with `InsufficientInstanceCapacity`, 0–1. */
  readonly launchFailureRatio: number;
  /** From a group's being out of balance over its zones to the first move [known: minutes]. */
  readonly rebalanceDelayMs: number;
  /** How long `Pending:Proceed` lasts [known]. */
  readonly proceedMs: number;
  /** A failed launch is tried again after this; each further failure doubles it. */
  readonly launchRetryMs: number;
  readonly launchRetryMaxMs: number;
  /** From `shutting-down` to `terminated` [known: tens of seconds]. */
  readonly shutdownMs: Lognormal;
  /** From `stopping` to `stopped`, for the warm pool [known]. */
  readonly stopMs: Lognormal;
  /** From a machine's end, or a verdict of unhealthy, to its group's notice of it [known]. */
  readonly healthNoticeMs: number;
  /** From EnteringStandby or Detaching to the state after, where nothing has to drain [known]. */
  readonly standbyMs: number;
  /** The drain that a new group starts with: ELB's deregistration delay. */
  readonly deregistrationDelayMs: number;
  /** How long EC2 still describes a terminated instance; about an hour [doc]. */
  readonly terminatedVisibleMs: number;
  readonly spot: SpotOptions;
  /** On-demand US dollars an hour by instance type; others are taken from `instance-types.ts`. */
  readonly hourlyUsd: Readonly<Record<string, number>>;
  /** The shape of target tracking's alarms, as users report it. */
  readonly targetTracking: TargetTrackingOptions;
  /**
   * Whether a launch that was cancelled before it ran is charged the 60 s minimum. EC2 does not
   * do so; comparisons that must make idle launches dear do.
   */
  readonly chargesCancelledLaunches: boolean;
}

export interface SpotOptions {
  /** Of an instance of a pool of middling depth. 0: nothing is ever interrupted by itself. */
  readonly interruptionsPerHour: number;
  /** From the rebalance recommendation to the two minutes' notice [known: minutes, or none]. */
  readonly recommendationLeadMs: Lognormal;
}

export interface TargetTrackingOptions {
  /** Periods in a row above the target before scaling out. */
  readonly highPeriods: number;
  /** Periods in a row below `lowRatio` × target before scaling in. */
  readonly lowPeriods: number;
  /** 0.9 as documented by example; groups have been seen with 0.7. */
  readonly lowRatio: number;
  /** From the end of a period to its figure in CloudWatch. */
  readonly metricDelayMs: number;
  readonly highResolutionMetricDelayMs: number;
}

/** Linux answers 25–45 s after the request, pending takes 5–17 s of them [seen]. */
const COLD_START: BootTimes = {
  running: { medianMs: 10_000, sigma: 0.25 },
  ready: { medianMs: 34_000, sigma: 0.25 },
};

export const DEFAULT_WORLD_OPTIONS: WorldOptions = {
  seed: 1,
  region: 'us-east-1',
  accountId: '123456789012',
  zones: ['us-east-1a', 'us-east-1b', 'us-east-1c'],
  boot: {
    cold: COLD_START,
    // In service 20–60 s after it is asked for [seen].
    stopped: {
      running: { medianMs: 10_000, sigma: 0.25 },
      ready: { medianMs: 30_000, sigma: 0.25 },
    },
    // Memory is read back instead of booting [known].
    hibernated: {
      running: { medianMs: 10_000, sigma: 0.25 },
      ready: { medianMs: 20_000, sigma: 0.25 },
    },
    running: { running: { medianMs: 0, sigma: 0 }, ready: { medianMs: 1000, sigma: 0.25 } },
  },
  reconcileDelayMs: 2000,
  launchFailureRatio: 0,
  rebalanceDelayMs: 60_000,
  proceedMs: 1000,
  launchRetryMs: 20_000,
  launchRetryMaxMs: 600_000,
  shutdownMs: { medianMs: 20_000, sigma: 0.25 },
  stopMs: { medianMs: 20_000, sigma: 0.25 },
  healthNoticeMs: 5000,
  standbyMs: 1000,
  deregistrationDelayMs: 0,
  terminatedVisibleMs: 3_600_000,
  // Under 5 % of Spot instances a month [doc: the Spot Instance advisor's lowest class].
  spot: { interruptionsPerHour: 0.00007, recommendationLeadMs: { medianMs: 300_000, sigma: 0.5 } },
  hourlyUsd: {},
  targetTracking: {
    highPeriods: 3,
    lowPeriods: 15,
    lowRatio: 0.9,
    metricDelayMs: 60_000,
    highResolutionMetricDelayMs: 10_000,
  },
  chargesCancelledLaunches: false,
};
