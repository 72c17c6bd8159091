// A controller for tests of the API: fixed states (`example-states.ts`), a fixed present, and wishes
// that are kept.

import type {
  Commands,
  GroupDetail,
  GroupStatus,
  MetricFamily,
  ReadModel,
  ToldDecision,
  WishOutcome,
} from '../../controller/ports/control.ts';
import type { HistoryIntake, ToldForecast } from '../../controller/ports/forecast.ts';
import type { Log } from '../../controller/ports/log.ts';
import type { HistoryMinute, StoreOutcome } from '../../controller/ports/store.ts';
import { explainObstacles } from '../../core/explain-obstacles.ts';
import { explainSizeObstacles } from '../../core/explain-size-obstacles.ts';
import type { Override } from '../../core/observation.ts';
import { forecastNext } from '../../core/forecasting/plain.ts';
import type { ConfigCheck, RunningConfig } from '../config-desk.ts';
import { createApi, type Api, type ApiOptions, type WebOptions } from '../create-api.ts';
import {
  exampleFamilies,
  exampleForecast,
  exampleMinutes,
  exampleObstacles,
  exampleSeries,
  exampleSizeObstacles,
  hold,
  instance,
  jobsStatus,
  present,
  scaleOut,
  webStatus,
} from './example-states.ts';

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

function listGroups(fake: FakeController): readonly GroupStatus[] {
  const { demand, isFresh, lastChange, modeByHand, overrides } = fake;
  const web = { ...webStatus, modeByHand, overrides, demand, lastDecision: lastChange };
  const fresh = { ...web, lastDecision: null, now: null, demand: null };
  return [isFresh ? fresh : web, jobsStatus];
}

function detailOf(status: GroupStatus | undefined): GroupDetail | null {
  if (status === undefined) return null;
  return { ...status, instances: status.inService === 0 ? [] : [instance] };
}
