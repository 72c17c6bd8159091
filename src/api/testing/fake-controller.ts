// A controller for tests of the API: fixed states, a fixed present, and wishes that are kept. The
// groups and their decisions are what docs/http.md shows.

import type {
  Commands,
  GroupDetail,
  GroupStatus,
  InstanceDetail,
  MetricFamily,
  ReadModel,
  ToldDecision,
  WishOutcome,
} from '../../controller/ports/control.ts';
import type { HistoryIntake, ToldForecast } from '../../controller/ports/forecast.ts';
import type { Log } from '../../controller/ports/log.ts';
import type { HistoryMinute, StoreOutcome } from '../../controller/ports/store.ts';
import type { Decision } from '../../core/decision.ts';
import { explainObstacles } from '../../core/explain-obstacles.ts';
import { explainSizeObstacles } from '../../core/explain-size-obstacles.ts';
import { explain } from '../../core/explain.ts';
import type { Obstacles } from '../../core/obstacles.ts';
import type { SizeObstacles } from '../../core/size-obstacles.ts';
import type { Override } from '../../core/observation.ts';
import { forecastNext } from '../../core/forecasting/plain.ts';
import type { ConfigCheck, RunningConfig } from '../config-desk.ts';
import { createApi, type Api, type ApiOptions, type WebOptions } from '../create-api.ts';

export const present = Date.UTC(2026, 0, 15, 9, 30);
const minuteMs = 60_000;

export interface FakeController {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly log: Log;
  /** What was asked for: group and override, or group and who ended it. */
  readonly wishes: (readonly [string, Override | string])[];
  readonly logged: string[];
  /** What the next command comes to. */
  outcome: WishOutcome;
  /** Set: what is put stays in force, as a controller has it; else every question finds the same. */
  keepsWishes: boolean;
  /** Of the group web. */
  overrides: readonly Override[];
  /** Of the group web. */
  modeByHand: GroupStatus['modeByHand'];
  /** Of the group web. */
  demand: number;
  /** Of the group web. */
  lastChange: ToldDecision;
  /** Set: the store fails, saying this. */
  storeFault: string | null;
  /** Set: the group has never decided. */
  isFresh: boolean;
  problems: readonly string[];
  families: readonly MetricFamily[];
  /** Of the group web. */
  forecast: ToldForecast | null;
  readonly intake: HistoryIntake;
  /** By group and signal, as `web/cpu`. */
  readonly minutes: Map<string, readonly HistoryMinute[]>;
  readonly tenSeconds: Map<string, readonly { readonly start: number; readonly mean: number }[]>;
  readonly decisions: ToldDecision[];
}

/** A loopback surface where anybody may read. */
export const openWeb: WebOptions = {
  tokens: [],
  isReadingOpen: true,
  isOffLoopback: false,
  hasTls: false,
  pageFolder: null,
};

export function createFakeController(): FakeController {
  const fake: FakeController = {
    wishes: [],
    logged: [],
    outcome: { kind: 'granted' },
    keepsWishes: false,
    overrides: [],
    modeByHand: null,
    demand: 6.5,
    lastChange: scaleOut,
    storeFault: null,
    isFresh: false,
    problems: [],
    families: exampleFamilies,
    minutes: new Map([['web/cpu', exampleMinutes()]]),
    tenSeconds: exampleSeries(),
    forecast: exampleForecast,
    intake: {
      importHistory: ({ minutes }) => answer(fake, { written: minutes.length, kept: 0 }),
      seriesOf: (group) => (group === 'web' ? 'demand' : null),
    },
    decisions: [hold, scaleOut],
    log: { write: (level, message) => fake.logged.push(`${level} ${message}`) },
    commands: {
      put: (group, override) => {
        fake.wishes.push([group, override]);
        if (fake.keepsWishes) fake.overrides = [...fake.overrides, override];
        return Promise.resolve(fake.outcome);
      },
      check: () => fake.outcome,
      changeMode: (group, { mode, by }) => {
        fake.wishes.push([group, `${mode} by ${by}`]);
        return Promise.resolve(fake.outcome);
      },
      end: (group, by) => {
        fake.wishes.push([group, by]);
        return Promise.resolve(fake.outcome);
      },
    },
    read: {
      now: () => present,
      groups: () => listGroups(fake),
      group: (name) => detailOf(listGroups(fake).find((group) => group.name === name)),
      decisions: (name, { from, kinds, limit, to }) => {
        const told = fake.decisions.filter(({ decision: { at, group, kind } }) => {
          return group === name && kinds.includes(kind) && at >= from && at < to;
        });
        return answer(fake, told.slice(0, limit));
      },
      currentDecision: (name) => {
        const status = listGroups(fake).find((group) => group.name === name);
        const isLastChange = status?.lastDecision?.decision.at === status?.now?.decision.at;
        return (isLastChange ? status?.lastDecision : status?.now) ?? null;
      },
      decisionAt: (name, at) => {
        const inForce = fake.decisions.find(({ decision }) => {
          return decision.group === name && decision.at <= at;
        });
        return answer(fake, inForce ?? null);
      },
      obstacles: (name, direction) => {
        if (fake.isFresh || name !== 'web') return answer(fake, null);
        const obstacles = { ...exampleObstacles, direction };
        return answer(fake, { obstacles, explanation: explainObstacles(obstacles) });
      },
      sizeObstacles: (name, size) => {
        if (fake.isFresh || name !== 'web') return answer(fake, null);
        const obstacles = { ...exampleSizeObstacles, size };
        return answer(fake, { obstacles, explanation: explainSizeObstacles(obstacles) });
      },
      minutes: (name, { from, signal, to }) => {
        const all = fake.minutes.get(`${name}/${signal}`) ?? [];
        return answer(
          fake,
          all.filter(({ start }) => start >= from && start < to),
        );
      },
      tenSeconds: (group, { from, signal, to }) => {
        const all = fake.tenSeconds.get(`${group}/${signal}`) ?? [];
        const points = all.map(({ mean, start }) => ({ group, signal, start, mean }));
        return answer(
          fake,
          points.filter(({ start }) => start >= from && start < to),
        );
      },
      forecast: (name) => (name === 'web' ? fake.forecast : null),
      metrics: () => fake.families,
      health: () => ({ isHealthy: fake.problems.length === 0, problems: fake.problems }),
    },
  };
  return fake;
}

export function createFakeApi(fake: FakeController, more: Partial<ApiOptions> = {}): Api {
  const { commands, intake, log, read } = fake;
  return createApi({
    read,
    commands,
    intake,
    log,
    version: '0.1.0',
    startedAt: present - 3_600_000,
    user: 'foretide',
    config: { running: () => runningConfig, check: checkYaml },
    web: openWeb,
    auditPath: null,
    jobThread: new URL('./fake-job-thread.ts', import.meta.url),
    forecastRatio: (past) => forecastNext(past, { lowest: 0, highest: 1 }),
    ...more,
  });
}

const runningConfig: RunningConfig = {
  api: { listen: { host: '127.0.0.1', port: 8080 }, hasTls: false, people: [] },
  groups: [{ autoScalingGroup: 'web-asg', staleAfterMs: 10_000 }],
  loadTopics: [],
};

/** The reading of configs is not the API's: one that names a group is a good one here. */
function checkYaml(yaml: string): ConfigCheck {
  const name = /name: (\w+)/.exec(yaml)?.[1];
  if (name !== undefined) return { isValid: true, groups: [name] };
  const mistake = { line: 1, column: 1, path: 'groups', found: 'nothing', allowed: 'a list' };
  return { isValid: false, mistakes: [mistake] };
}

function answer<T>({ storeFault }: FakeController, value: T): Promise<StoreOutcome<T>> {
  const failed = { ok: false, message: storeFault ?? '' } as const;
  return Promise.resolve(storeFault === null ? { ok: true, value } : failed);
}

/** A minute whose six means are the same. */
export function minuteOf(start: number, mean: number): HistoryMinute {
  return { start, sum: mean * 6, mean, highest: mean };
}

/** Two hours at 50 %, up to the present. */
function exampleMinutes(): readonly HistoryMinute[] {
  return Array.from({ length: 120 }, (_, index) =>
    minuteOf(present - (120 - index) * minuteMs, 0.5),
  );
}

/** Five minutes, in the last of which the group grew. */
function exampleSeries(): FakeController['tenSeconds'] {
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

const scaleOut: ToldDecision = {
  decision: scaleOutDecision,
  explanation: explain(scaleOutDecision),
  actuation: { kind: 'accepted' },
};
const exampleObstacles: Obstacles = {
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
const exampleSizeObstacles: SizeObstacles = {
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
const hold: ToldDecision = {
  decision: holdDecision,
  explanation: explain(holdDecision),
  actuation: null,
};

function listGroups({
  demand,
  isFresh,
  lastChange,
  modeByHand,
  overrides,
}: FakeController): readonly GroupStatus[] {
  const web: GroupStatus = {
    name: 'web',
    mode: 'active',
    modeByHand,
    desired: 6,
    inService: 5,
    pending: 1,
    terminating: 0,
    warming: 0,
    silent: 0,
    lastDecision: isFresh ? null : lastChange,
    now: isFresh ? null : hold,
    rejected: { 'not-a-member': 3 },
    demand: isFresh ? null : demand,
    autoScalingGroup: 'web-asg',
    min: 2,
    max: 20,
    signals: { 'mean(cpu)/1000ms': { value: 0.8, at: present - 1200, instances: 5 } },
    overrides,
    heldBy: null,
    problem: null,
  };
  const jobs: GroupStatus = {
    ...web,
    name: 'batch jobs',
    overrides: [],
    mode: 'advise',
    modeByHand: null,
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
  return [web, jobs];
}

const instance: InstanceDetail = {
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

function detailOf(status: GroupStatus | undefined): GroupDetail | null {
  if (status === undefined) return null;
  return { ...status, instances: status.inService === 0 ? [] : [instance] };
}

const exampleFamilies: readonly MetricFamily[] = [
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
const exampleForecast: ToldForecast = {
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
