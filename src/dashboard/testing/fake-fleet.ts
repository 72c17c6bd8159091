// A made-up fleet: a daily wave with a name's own phase, some groups in trouble, one with a queue.

import type {
  Cell,
  ForecastAnswer,
  GroupAnswer,
  Instance,
  QueueStatus,
  SeriesAnswer,
} from '../contract.ts';

export const fakeColumns = [
  'name',
  'desired',
  'inService',
  'pending',
  'min',
  'max',
  'mode',
  'health',
  'demand',
  'capacity',
  'says',
] as const;

const kinds = ['api', 'web', 'checkout', 'search', 'images', 'mail', 'reports', 'ingest'] as const;
const places = ['eu-west', 'eu-central', 'us-east', 'us-west', 'ap-south'] as const;

export function fakeName(index: number): string {
  const kind = kinds[index % kinds.length] ?? 'api';
  const place = places[Math.floor(index / kinds.length) % places.length] ?? 'eu-west';
  const round = Math.floor(index / (kinds.length * places.length));
  return `${kind}-${place}${round === 0 ? '' : `-${round + 1}`}`;
}

/** Demand in instances, at a time: 6 to 18 over a day, with a smaller wave of minutes on it. */
export function fakeDemand(name: string, at: number): number {
  const phase = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const day = Math.sin((at / 86_400_000) * 2 * Math.PI + phase);
  const minutes = Math.sin(at / 240_000 + phase * 3);
  return Number((12 + 5 * day + 1.2 * minutes).toPrecision(4));
}

export function fakeRow(index: number, second: number): readonly Cell[] {
  const name = fakeName(index);
  const at = Date.now() + second;
  const demand = fakeDemand(name, at);
  const size = Math.ceil(fakeDemand(name, at - 60_000));
  const health = index % 23 === 5 ? 'failing' : index % 17 === 3 ? 'warning' : 'ok';
  const pending = demand > size - 0.5 ? 1 : 0;
  const says = {
    failing: 'AWS refuses: You are not authorized to perform SetDesiredCapacity',
    warning: `hold at ${size}: 2 instances have stopped reporting`,
    ok: `hold at ${size}: cpu is ${Math.round((demand / size) * 60)}%, within 10% of its target of 60%`,
  }[health];
  return [name, size, size - pending, pending, 2, 40, 'active', health, demand, size, says];
}

export function fakeSeries(name: string, query: URLSearchParams): SeriesAnswer {
  const points = Number(query.get('points') ?? 600);
  const to = readMoment(query.get('to') ?? 'now');
  const from = readMoment(query.get('from') ?? '-1h');
  const stepMs = Math.max(10_000, Math.ceil((to - from) / points / 10_000) * 10_000);
  const start = Math.floor(from / stepMs) * stepMs;
  const times = Array.from(
    { length: Math.ceil((to - start) / stepMs) },
    (_, i) => start + i * stepMs,
  );
  const demand = times.map((at) => fakeDemand(name, at));
  const sizes = times.map((at) => Math.ceil(fakeDemand(name, at - 60_000) + 0.4));
  const wanted = times.map((at) => Math.ceil(fakeDemand(name, at) + 0.4));
  return {
    group: name,
    start,
    stepMs,
    desired: wanted,
    desiredMin: wanted,
    desiredMax: wanted,
    inService: sizes,
    inServiceMin: sizes,
    inServiceMax: sizes,
    demand,
    demandMin: demand,
    demandMax: demand,
  };
}

function readMoment(text: string): number {
  const [, count, unit] = /^-(\d+)(ms|h)$/.exec(text) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * (unit === 'h' ? 3_600_000 : 1);
  return text === 'now' ? Date.now() : Number(text);
}

const forecastSteps = 288;
const forecastStepMs = 300_000;
/** Work that one instance can do. */
const perInstance = 100;

export function fakeForecast(name: string, now: number): ForecastAnswer {
  const start = Math.ceil(now / forecastStepMs) * forecastStepMs;
  const at = (step: number): number => fakeDemand(name, start + (step + 0.5) * forecastStepMs);
  const steps = Array.from({ length: forecastSteps }, (_, step) => step);
  const width = (step: number): number => 0.4 + Math.sqrt(step) * 0.35;
  return {
    group: name,
    isUsable: true,
    code: 'ok',
    signal: 'demand',
    start,
    stepMs: forecastStepMs,
    levels: [0.05, 0.5, 0.95],
    quantiles: steps.map((step) =>
      [at(step) - width(step), at(step), at(step) + width(step)].map((one) => one * perInstance),
    ),
    experts: [
      { name: 'weekly', weight: 0.7 },
      { name: 'last', weight: 0.3 },
    ],
    fitted: [],
    scorecard: [],
    seasonsMs: [86_400_000],
    historyMs: 14 * 86_400_000,
    demand: fakeDemand(name, now) * perInstance,
    sizing: {
      perInstance,
      basis: 'learned',
      leadMs: 90_000,
      isLeadLearned: true,
      pricePerInstanceHour: 0.0816,
      min: 2,
      max: 200,
      desired: null,
    },
  };
}

/** With so many instances; null: as many as its demand needs. */
export function describeFakeGroup(
  name: string,
  instances: number | null,
  second: number,
): GroupAnswer {
  const at = Date.now();
  const demand = fakeDemand(name, at);
  const count = instances ?? Math.ceil(demand + 0.4);
  const recommendation = {
    kind: 'desired',
    policy: 'target-tracking(cpu)',
    desired: count,
    reason: {
      code: 'within-tolerance',
      signal: 'cpu',
      value: 0.58,
      target: 0.6,
      toleranceRatio: 0.1,
    },
  } as const;
  return {
    name,
    demand,
    mode: 'active',
    modeByHand: null,
    desired: count,
    inService: count,
    pending: 0,
    terminating: 0,
    warming: 0,
    silent: 0,
    lastDecision: null,
    now: {
      decision: {
        group: name,
        at,
        kind: 'hold',
        from: count,
        to: count,
        wanted: count,
        acts: false,
        recommendations: [recommendation],
        adjustments: [],
      },
      explanation: {
        summary: `hold at ${count}: cpu is 58%, within 10% of its target of 60%`,
        details: [`target-tracking(cpu) recommends ${count}: cpu is 58%, within 10% of its target`],
      },
      actuation: null,
    },
    rejected: {},
    autoScalingGroup: name,
    min: 2,
    max: 200,
    signals: { 'mean(cpu)/1000ms': { value: 0.58, at, instances: count } },
    overrides: [],
    heldBy: null,
    problem: null,
    overridesVersion: 'fake',
    instances: Array.from({ length: count }, (_, index) => describeInstance(index, second)),
    ...(name.startsWith('mail') && { queue: describeQueue(demand) }),
  };
}

function describeInstance(index: number, second: number): Instance {
  const cpu = 0.55 + 0.2 * Math.sin(index * 1.7 + second / 5);
  const isSilent = index % 37 === 11;
  return {
    id: `i-0${(index * 7_919 + 65_536).toString(16).padStart(16, '0')}`,
    lifecycleState: index % 29 === 8 ? 'Pending' : 'InService',
    zone: `eu-west-1${'abc'[index % 3]}`,
    instanceType: 'm7g.large',
    isReporting: !isSilent,
    isWarmed: index % 19 !== 4,
    sampleAgeMs: isSilent ? 42_000 : 400,
    clockSkewMs: 0,
    agentVersion: '0.1.0',
    signals: { cpu: Number(cpu.toPrecision(3)), connections: Math.round(cpu * 100) },
  };
}

function describeQueue(demand: number): QueueStatus {
  return {
    visible: Math.round(demand * 40),
    inFlight: Math.round(demand * 4),
    meanDurationMs: 1_850,
    backlogPerInstance: 44,
    acceptableBacklog: 81,
    promiseMs: 300_000,
    promiseKept: {
      hour: { ratio: 0.9987, kept: 7640, late: 10, unknown: 0 },
      day: { ratio: 0.9921, kept: 176_200, late: 1403, unknown: 0 },
    },
  };
}
