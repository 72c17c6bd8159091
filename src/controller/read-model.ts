// The controller as others see it: states, explanations and counts, made when someone asks.

import { counterfactuals } from '../core/counterfactuals.ts';
import type { DecisionInput } from '../core/decision-input.ts';
import { explainObstacles } from '../core/explain-obstacles.ts';
import { explainSizeObstacles } from '../core/explain-size-obstacles.ts';
import { explain } from '../core/explain.ts';
import type { Actuation, Decision } from '../core/decision.ts';
import { demandOf } from '../core/demand-of.ts';
import { findAcceptableBacklog } from '../core/policies/backlog/setter.ts';
import { findObstacles } from '../core/obstacles.ts';
import { findSizeObstacles } from '../core/size-obstacles.ts';
import type { EpochMs } from '../core/time.ts';
import type { Controller } from './controller.ts';
import type { RejectionCounts } from './counters.ts';
import type { ManagedGroup } from './managed-group.ts';
import { isWarmed, type Member } from './member.ts';
import { recallTick } from './recall.ts';
import { tellForecast } from './tell-forecast.ts';
import { listMetrics } from './metrics.ts';
import type {
  DecisionQuery,
  GroupDetail,
  GroupStatus,
  Health,
  InstanceDetail,
  PromiseShare,
  ReadModel,
  ToldDecision,
} from './ports/control.ts';
import type { Clock } from './ports/clock.ts';
import type { PromiseCounts } from './promise-record.ts';
import { findBacklog } from './queue-watch.ts';
import { summarise } from './summarise.ts';
import type { Journal, JournalEntry, Store, StoreOutcome } from './ports/store.ts';

/** How long after a decision its outcome is looked for in the journal. */
const outcomeWithinMs = 60_000;

export function createReadModel(
  controller: Controller,
  ports: { readonly store: Store; readonly clock: Clock },
): ReadModel {
  const { store, clock } = ports;
  const find = (name: string): ManagedGroup | null => controller.groups.get(name) ?? null;
  return {
    now: () => clock.now(),
    groups: () =>
      [...controller.groups.values()].map((group) => describeGroup(controller, group, clock.now())),
    group: (name) => {
      const group = find(name);
      return group === null ? null : detailGroup(controller, group, clock.now());
    },
    decisions: (name, query) => readDecisions(store, name, query),
    currentDecision: (name) => {
      const group = find(name);
      return group === null ? null : tellCurrent(group);
    },
    decisionAt: (name, at) => readDecisionAt(store, name, at),
    obstacles: async (name, direction, at) => {
      const input = await findInput({ group: find(name), journal: store.journal }, name, at);
      if (!input.ok) return input;
      if (input.value === null) return { ok: true, value: null };
      const obstacles = findObstacles(input.value, direction);
      return { ok: true, value: { obstacles, explanation: explainObstacles(obstacles) } };
    },
    sizeObstacles: async (name, size, at) => {
      const input = await findInput({ group: find(name), journal: store.journal }, name, at);
      if (!input.ok) return input;
      if (input.value === null) return { ok: true, value: null };
      const obstacles = findSizeObstacles(input.value, size);
      return { ok: true, value: { obstacles, explanation: explainSizeObstacles(obstacles) } };
    },
    minutes: (name, query) => store.history.readMinutes({ group: name, ...query }),
    tenSeconds: (name, query) => store.history.readTenSeconds({ group: name, ...query }),
    forecast: (name, hours) => {
      const group = find(name);
      return group === null ? null : tellForecast(controller, group, { now: clock.now(), hours });
    },
    metrics: () => listMetrics(controller),
    health: () => findHealth(controller),
  };
}

function tell(decision: Decision, actuation: Actuation | null): ToldDecision {
  return { decision, explanation: explain(decision), actuation };
}

function tellInFull(
  decision: Decision,
  actuation: Actuation | null,
  input: DecisionInput | null,
): ToldDecision {
  if (input === null) return tell(decision, actuation);
  const without = counterfactuals(input.group, input.before, input.observation, input.at);
  const explanation = explain(decision, without);
  return { decision, explanation, actuation, counterfactuals: without };
}

function tellCurrent({ lastChange, lastDecision, lastInput }: ManagedGroup): ToldDecision | null {
  if (lastDecision === null) return null;
  const isLastChange = lastChange !== null && lastChange.decision === lastDecision;
  return tellInFull(lastDecision, isLastChange ? lastChange.actuation : null, lastInput);
}

/** Of the decision in force now, from memory, or then, from the journal. */
async function findInput(
  { group, journal }: { readonly group: ManagedGroup | null; readonly journal: Journal },
  name: string,
  at: EpochMs | null,
): Promise<StoreOutcome<DecisionInput | null>> {
  if (at === null) return { ok: true, value: group?.lastInput ?? null };
  const recalled = await recallTick(journal, name, at);
  return recalled.ok ? { ok: true, value: recalled.value?.input ?? null } : recalled;
}

function describeGroup(controller: Controller, managed: ManagedGroup, now: EpochMs): GroupStatus {
  const { group, description, lastChange, lastDecision, lastFleet, settings, state } = managed;
  const capacity = description === null ? null : summarise(description);
  return {
    name: group.name,
    mode: group.mode,
    modeByHand: tellMode(managed),
    desired: state.accepted?.size ?? capacity?.desired ?? null,
    inService: capacity?.inService ?? 0,
    pending: capacity?.pending ?? 0,
    terminating: capacity?.terminating ?? 0,
    warming: lastFleet?.warming ?? 0,
    silent: lastFleet?.silent ?? 0,
    lastDecision: lastChange === null ? null : tell(lastChange.decision, lastChange.actuation),
    now: lastDecision === null ? null : tell(lastDecision, null),
    rejected: withoutZeros(managed.rejected),
    demand: lastDecision === null ? null : demandOf(lastDecision),
    ...describeQueue(managed, now),
    autoScalingGroup: settings.target.autoScalingGroup,
    min: group.min,
    max: group.max,
    signals: managed.lastReadings,
    overrides: managed.overrides,
    heldBy: managed.heldBy,
    problem: listProblems(controller, managed).join('; ') || null,
  };
}

function tellMode({ modeByHand }: ManagedGroup): GroupStatus['modeByHand'] {
  if (modeByHand === null) return null;
  const { at, by, over, why } = modeByHand;
  return { by, why, at, configured: over.mode };
}

function describeQueue(
  { group, lastInput, queue: watch }: ManagedGroup,
  now: EpochMs,
): Pick<GroupStatus, 'queue'> {
  const policy = findBacklog(group.policies);
  const reading = lastInput?.observation.queue;
  const kept = watch.promise?.read(now);
  if (policy === null || reading === undefined || kept === undefined) return {};
  const { durations, inFlight, inService, visible } = reading;
  const queue = {
    visible,
    inFlight,
    meanDurationMs: durations.meanMs,
    backlogPerInstance: inService === 0 ? null : visible / inService,
    acceptableBacklog: findAcceptableBacklog(policy, durations.meanMs),
    promiseMs: policy.promiseMs,
    promiseKept: { hour: tellShare(kept.hour), day: tellShare(kept.day) },
  };
  return { queue };
}

function tellShare(counts: PromiseCounts): PromiseShare {
  const known = counts.kept + counts.late;
  return { ratio: known === 0 ? null : counts.kept / known, ...counts };
}

function listProblems(controller: Controller, managed: ManagedGroup): readonly string[] {
  const problem = describeProblem(managed);
  const ofNative = managed.native?.problem ?? null;
  const own = [problem, ofNative].filter((one) => one !== null);
  return [...own, ...controller.sources.problems(managed)];
}

function describeProblem({ describeFailure, settings }: ManagedGroup): string | null {
  if (describeFailure === null) return null;
  const { autoScalingGroup } = settings.target;
  if (describeFailure.kind === 'missing') return `AWS knows no group ${autoScalingGroup}`;
  const { code, message } = describeFailure;
  return `${autoScalingGroup} cannot be described (${code}): ${message}`;
}

function withoutZeros(counts: RejectionCounts): GroupStatus['rejected'] {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

function detailGroup(controller: Controller, managed: ManagedGroup, now: EpochMs): GroupDetail {
  const members = [...managed.fleet.members()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const instances = members.map((member) => describeMember(managed, member, now));
  return { ...describeGroup(controller, managed, now), instances };
}

function describeMember(
  { fleet, group }: ManagedGroup,
  member: Member,
  now: EpochMs,
): InstanceDetail {
  const signals: Record<string, number> = {};
  for (const [name, { value }] of member.values) signals[name] = value;
  const { id, lifecycleState, zone, instanceType, clockSkewMs, agentVersion, sampledAt } = member;
  return {
    id,
    lifecycleState,
    zone,
    instanceType,
    isReporting: !fleet.isStale(member, now),
    isWarmed: isWarmed(member, now, group.warmupMs),
    sampleAgeMs: sampledAt === null ? null : now - sampledAt,
    clockSkewMs,
    agentVersion,
    signals,
  };
}

async function readDecisions(
  store: Store,
  name: string,
  query: DecisionQuery,
): Promise<StoreOutcome<readonly ToldDecision[]>> {
  const { from, to, kinds, limit } = query;
  const ticks = await store.journal.read({
    group: name,
    from,
    to,
    kinds: ['tick'],
    decisionKinds: kinds,
    order: 'newest-first',
    limit,
  });
  if (!ticks.ok) return ticks;
  const told: ToldDecision[] = [];
  for (const entry of ticks.value) {
    if (entry.kind !== 'tick') continue;
    told.push(tell(entry.decision, await findActuation(store, entry.decision)));
  }
  return { ok: true, value: told };
}

async function readDecisionAt(
  store: Store,
  name: string,
  at: EpochMs,
): Promise<StoreOutcome<ToldDecision | null>> {
  const recalled = await recallTick(store.journal, name, at);
  if (!recalled.ok) return recalled;
  if (recalled.value === null) return { ok: true, value: null };
  const { tick, input } = recalled.value;
  const actuation = await findActuation(store, tick.decision);
  return { ok: true, value: tellInFull(tick.decision, actuation, input) };
}

async function findActuation(store: Store, decision: Decision): Promise<Actuation | null> {
  if (!decision.acts) return null;
  const { group, at } = decision;
  const kinds: readonly JournalEntry['kind'][] = ['actuation'];
  const to = at + outcomeWithinMs;
  const query = { group, from: at, to, kinds, order: 'oldest-first', limit: 10 } as const;
  const found = await store.journal.read(query);
  if (!found.ok) return null;
  for (const entry of found.value) {
    if (entry.kind === 'actuation' && entry.decisionAt === at) return entry.actuation;
  }
  return null;
}

function findHealth(controller: Controller): Health {
  const problems: string[] = [];
  if (!controller.isConnected) problems.push('the broker cannot be reached');
  if (!controller.isJournalWritable) problems.push('the journal cannot be written');
  for (const managed of controller.groups.values()) {
    for (const problem of listProblems(controller, managed)) {
      problems.push(`${managed.group.name}: ${problem}`);
    }
  }
  return { isHealthy: problems.length === 0, problems };
}
