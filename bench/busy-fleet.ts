// A controller's answers without a controller, for benchmarks of the API and of the page: 500 groups of
// 100 instances whose every demand and reading is another one each second, and one size in fifty. What
// it remembers is made up when it is asked for, so that its memory stands still.

import type { createApi } from '../src/api/create-api.ts';
import type {
  DecisionQuery,
  GroupDetail,
  GroupStatus,
  ReadModel,
  SignalQuery,
  ToldDecision,
} from '../src/controller/ports/control.ts';
import { explain } from '../src/core/explain.ts';

export const groupCount = 500;
export const instanceCount = 100;
const changesPerSecond = 0.02;
const fineStepMs = 10_000;
const minuteMs = 60_000;
/** In the past that it makes up, each group changed its size so often. */
const decidesEveryMs = 2 * minuteMs;

export function nameGroup(index: number): string {
  return `group-${index}`;
}

/** `pageFolder`: the built page's, to be served too; null: the API alone. */
export function describeBusyFleet(pageFolder: string | null): Parameters<typeof createApi>[0] {
  const names = Array.from({ length: groupCount }, (_, index) => nameGroup(index));
  const known = new Set(names);
  const sizes = new Map<string, number>();
  const lastDecisions = new Map<string, ToldDecision>();
  const sizeOf = (name: string): number => {
    const before = sizes.get(name) ?? instanceCount;
    if (Math.random() >= changesPerSecond) return before;
    const size = 97 + Math.floor(Math.random() * 6);
    sizes.set(name, size);
    if (size !== before) lastDecisions.set(name, changeSize(name, Date.now(), before, size));
    return size;
  };
  const statusOf = (name: string): GroupStatus => ({
    ...describeStatus(name, sizeOf(name)),
    lastDecision: lastDecisions.get(name) ?? null,
  });
  const nothing = { ok: true, value: [] } as const;
  const read: ReadModel = {
    now: () => Date.now(),
    groups: () => names.map(statusOf),
    group: (name) => (known.has(name) ? describeDetail(statusOf(name)) : null),
    decisions: (name, query) =>
      Promise.resolve({ ok: true, value: rememberDecisions(name, query) }),
    currentDecision: () => null,
    decisionAt: () => Promise.resolve({ ok: true, value: null }),
    obstacles: () => Promise.resolve({ ok: true, value: null }),
    sizeObstacles: () => Promise.resolve({ ok: true, value: null }),
    forecast: () => null,
    minutes: () => Promise.resolve(nothing),
    tenSeconds: (group, query) =>
      Promise.resolve({ ok: true, value: rememberPoints(group, query) }),
    metrics: () => [],
    health: () => ({ isHealthy: true, problems: [] }),
  };
  const granted = { kind: 'granted' } as const;
  return {
    read,
    commands: {
      put: () => Promise.resolve(granted),
      end: () => Promise.resolve(granted),
      check: () => granted,
      changeMode: () => Promise.resolve(granted),
    },
    log: { write: () => undefined },
    version: '0.0.0',
    startedAt: Date.now(),
    user: 'bench',
    forecastRatio: () => null,
    config: {
      running: () => ({ groups: [], loadTopics: [] }),
      check: () => ({ isValid: true, groups: [] }),
    },
    web: {
      tokens: [],
      isReadingOpen: true,
      isOffLoopback: false,
      hasTls: false,
      pageFolder,
    },
    jobThread: new URL('file:///nowhere'),
    auditPath: null,
  };
}

function rememberPoints(group: string, { from, signal, to }: SignalQuery) {
  const start = Math.ceil(from / fineStepMs) * fineStepMs;
  const end = Math.min(to, Date.now());
  return Array.from({ length: Math.max(0, Math.ceil((end - start) / fineStepMs)) }, (_, index) => ({
    group,
    signal,
    start: start + index * fineStepMs,
    mean: 100 + 3 * Math.sin((start / fineStepMs + index) / 20),
  }));
}

function rememberDecisions(group: string, { from, limit, to }: DecisionQuery): ToldDecision[] {
  const newest = Math.floor(Math.min(to, Date.now()) / decidesEveryMs);
  const count = Math.min(limit, Math.max(0, newest - Math.floor(from / decidesEveryMs)));
  return Array.from({ length: count }, (_, index) => {
    const place = newest - index;
    const before = 97 + ((place * 7) % 6);
    return changeSize(group, place * decidesEveryMs, before, before + (place % 2 === 0 ? 1 : -1));
  });
}

function changeSize(group: string, at: number, from: number, to: number): ToldDecision {
  const reason = {
    code: 'target-tracking',
    signal: 'cpu',
    value: (to / from) * 0.6,
    target: 0.6,
    instances: from,
  } as const;
  const decision = {
    group,
    at,
    kind: to > from ? 'scale-out' : 'scale-in',
    from,
    to,
    wanted: to,
    acts: true,
    recommendations: [{ kind: 'desired', policy: 'cpu', desired: to, reason }],
    adjustments: [],
  } as const;
  return { decision, explanation: explain(decision), actuation: { kind: 'accepted' } };
}

function describeStatus(name: string, desired: number): GroupStatus {
  const value = 0.55 + Math.random() / 10;
  const now = decide(name, value, desired);
  return {
    name,
    mode: 'active',
    modeByHand: null,
    desired,
    inService: desired,
    pending: 0,
    terminating: 0,
    warming: 0,
    silent: 0,
    lastDecision: null,
    now,
    rejected: {},
    demand: desired * (value / 0.6),
    autoScalingGroup: name,
    min: 2,
    max: 200,
    signals: { 'mean(cpu)/1000ms': { value, at: Date.now(), instances: desired } },
    overrides: [],
    heldBy: null,
    problem: null,
  };
}

function decide(group: string, value: number, size: number): ToldDecision {
  const reason = {
    code: 'within-tolerance',
    signal: 'cpu',
    value,
    target: 0.6,
    toleranceRatio: 0.1,
  } as const;
  const decision = {
    group,
    at: Date.now(),
    kind: 'hold',
    from: size,
    to: size,
    wanted: size,
    acts: false,
    recommendations: [{ kind: 'desired', policy: 'cpu', desired: size, reason }],
    adjustments: [],
  } as const;
  return { decision, explanation: explain(decision), actuation: null };
}

function describeDetail(status: GroupStatus): GroupDetail {
  const instances = Array.from({ length: instanceCount }, (_, index) => ({
    id: `i-0a1b2c3d4e5f${String(index).padStart(5, '0')}`,
    lifecycleState: 'InService',
    zone: 'eu-west-1a',
    instanceType: 'm7g.large',
    isReporting: true,
    isWarmed: true,
    sampleAgeMs: Math.random() * 1000,
    clockSkewMs: 0,
    agentVersion: '0.1.0',
    signals: {
      cpu: Math.random(),
      memoryUsedRatio: Math.random(),
      connections: Math.floor(Math.random() * 200),
    },
  }));
  return { ...status, instances };
}
