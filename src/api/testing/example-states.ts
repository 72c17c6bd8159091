// What docs/http.md shows: two groups, their decisions, series, metrics and a forecast, at one moment.

import type {
  GroupStatus,
  InstanceDetail,
  MetricFamily,
  ToldDecision,
} from '../../controller/ports/control.ts';
import type { ToldForecast } from '../../controller/ports/forecast.ts';
import type { HistoryMinute } from '../../controller/ports/store.ts';
import type { Decision } from '../../core/decision.ts';
import { explain } from '../../core/explain.ts';
import type { Obstacles } from '../../core/obstacles.ts';
import type { SizeObstacles } from '../../core/size-obstacles.ts';

export const present = Date.UTC(2026, 0, 15, 9, 30);
const minuteMs = 60_000;

/** A minute whose six means are the same. */
export function minuteOf(start: number, mean: number): HistoryMinute {
  return { start, sum: mean * 6, mean, highest: mean };
}

/** Two hours at 50 %, up to the present. */
export function exampleMinutes(): readonly HistoryMinute[] {
  return Array.from({ length: 120 }, (_, index) =>
    minuteOf(present - (120 - index) * minuteMs, 0.5),
  );
}

/** Five minutes, in the last of which the group grew. */
export function exampleSeries(): Map<
  string,
  readonly { readonly start: number; readonly mean: number }[]
> {
  const starts = Array.from({ length: 30 }, (_, index) => present - (30 - index) * 10_000);
  const pick = (before: number, after: number) =>
    starts.map((start) => ({ start, mean: start < present - minuteMs ? before : after }));
  return new Map([
    ['web/@desired', pick(4, 6)],
    ['web/@inService', pick(4, 5)],
    ['web/@demand', pick(3.9, 6.2)],
  ]);
}

const scaleOutDecision: Decision = {
  group: 'web',
  at: present - 40_000,
  kind: 'scale-out',
  from: 4,
  to: 6,
  wanted: 6,
  acts: true,
  recommendations: [
    {
      kind: 'desired',
      policy: 'cpu',
      desired: 6,
      reason: {
        code: 'target-tracking',
        signal: 'cpu',
        value: 0.9,
        target: 0.6,
        instances: 4,
      },
    },
  ],
  adjustments: [],
};

const holdDecision: Decision = {
  group: 'web',
  at: present - 1000,
  kind: 'hold',
  from: 6,
  to: 6,
  wanted: 7,
  acts: false,
  recommendations: [
    {
      kind: 'desired',
      policy: 'cpu',
      desired: 7,
      reason: {
        code: 'target-tracking',
        signal: 'cpu',
        value: 0.8,
        target: 0.6,
        instances: 5,
      },
    },
  ],
  adjustments: [
    {
      guardrail: 'cooldown',
      from: 7,
      to: 6,
      reason: { code: 'cooldown', until: present + 20_000 },
    },
  ],
};

export const scaleOut: ToldDecision = {
  decision: scaleOutDecision,
  explanation: explain(scaleOutDecision),
  actuation: { kind: 'accepted' },
};
export const exampleObstacles: Obstacles = {
  group: 'web',
  at: present - 1000,
  direction: 'scale-in',
  current: 6,
  isDecided: false,
  isWanted: false,
  dissents: holdDecision.recommendations.map((recommendation) => ({
    recommendation,
    thresholds: [{ signal: 'cpu', value: 0.8, bound: 0.54 }],
  })),
  holders: [
    {
      name: 'cooldown',
      reason: { code: 'cooldown', until: present + 20_000 },
      until: present + 20_000,
    },
  ],
};
export const exampleSizeObstacles: SizeObstacles = {
  group: 'web',
  at: present - 1000,
  size: 5,
  current: 6,
  decided: 6,
  isDecided: false,
  wanted: 7,
  dissents: holdDecision.recommendations.map((recommendation) => ({
    recommendation,
    readings: [{ signal: 'cpu', value: 0.8, ranges: [{ lower: 0.48, upper: 0.54 }] }],
  })),
  holders: exampleObstacles.holders.map((holder) => ({ ...holder, makes: 6 })),
};
export const hold: ToldDecision = {
  decision: holdDecision,
  explanation: explain(holdDecision),
  actuation: null,
};

export const webStatus: GroupStatus = {
  name: 'web',
  mode: 'active',
  modeByHand: null,
  desired: 6,
  inService: 5,
  pending: 1,
  terminating: 0,
  warming: 0,
  silent: 0,
  lastDecision: scaleOut,
  now: hold,
  rejected: { 'not-a-member': 3 },
  demand: 6.5,
  autoScalingGroup: 'web-asg',
  min: 2,
  max: 20,
  signals: { 'mean(cpu)/1000ms': { value: 0.8, at: present - 1200, instances: 5 } },
  overrides: [],
  heldBy: null,
  problem: null,
};

export const jobsStatus: GroupStatus = {
  ...webStatus,
  name: 'batch jobs',
  mode: 'advise',
  desired: null,
  inService: 0,
  pending: 0,
  lastDecision: null,
  now: null,
  rejected: {},
  demand: null,
  autoScalingGroup: 'jobs-asg',
  min: 0,
  max: 50,
  signals: {},
  problem: 'AWS knows no group jobs-asg',
};

export const instance: InstanceDetail = {
  id: 'i-0a1b2c3d4e5f60718',
  lifecycleState: 'InService',
  zone: 'eu-west-1a',
  instanceType: 'm7g.large',
  isReporting: true,
  isWarmed: true,
  sampleAgeMs: 412,
  clockSkewMs: -3,
  agentVersion: '0.1.0',
  signals: { cpu: 0.8, connections: 100 },
};

export const exampleFamilies: readonly MetricFamily[] = [
  {
    name: 'foretide_decisions_total',
    help: 'Decisions, by kind.',
    type: 'counter',
    samples: [
      { labels: { kind: 'scale-out' }, value: 2 },
      { labels: { kind: 'hold' }, value: 3598 },
    ],
  },
  {
    name: 'foretide_reaction_seconds',
    help: 'From the arrival of a report to the answer of the call it led to.',
    type: 'summary',
    samples: [
      { labels: { quantile: '0.99' }, value: 0.182 },
      { suffix: '_sum', labels: {}, value: 0.311 },
      { suffix: '_count', labels: {}, value: 2 },
    ],
  },
];

/** An hour from the present, of a group that has been watched for two weeks. */
export const exampleForecast: ToldForecast = {
  group: 'web',
  isUsable: true,
  code: 'ok',
  signal: 'demand',
  start: present,
  stepMs: 300_000,
  levels: [0.1, 0.5, 0.9],
  quantiles: Array.from({ length: 12 }, (_, step) => [500 + step, 540 + step, 610 + step]),
  experts: [
    { name: 'weekly-ratio', weight: 0.7 },
    { name: 'persistence-10m', weight: 0.3 },
  ],
  fitted: [
    {
      name: 'arima',
      phase: 'admitted',
      since: present - 259_200_000,
      gainRatio: 0.072,
      nextFitAt: present + 345_600_000,
      problem: null,
      explanation: 'ARIMA admitted, gains 7.2 %',
    },
  ],
  scorecard: [],
  seasonsMs: [86_400_000, 604_800_000],
  historyMs: 1_209_600_000,
  demand: 538,
  sizing: {
    perInstance: 100,
    basis: 'target',
    leadMs: 180_000,
    isLeadLearned: false,
    pricePerInstanceHour: 0.0816,
    min: 2,
    max: 20,
    desired: 6,
  },
};
