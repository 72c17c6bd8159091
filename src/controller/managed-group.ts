// One group as the controller runs it: the core's state beside the fleet, the last description, the
// overrides in force and who holds the group. Knows how to observe and decide; does no I/O.
// size: one group's whole state, which every part of a tick reads and changes.

import type { Capacity } from '../core/capacity.ts';
import { conclude, resume } from '../core/conclude.ts';
import { decide } from '../core/decide.ts';
import { demandOf } from '../core/demand-of.ts';
import type { DecisionInput } from '../core/decision-input.ts';
import type { Actuation, Decision, Wake } from '../core/decision.ts';
import type { Group } from '../core/group.ts';
import {
  candidatesMax,
  type FleetReading,
  type LaunchFailures,
  type Observation,
  type Override,
  type Telemetry,
} from '../core/observation.ts';
import { evaluate } from '../core/expression.ts';
import { findNativeInCharge } from '../core/policies/backlog/setter.ts';
import type { DemandPolicy } from '../core/policies/policy.ts';
import type { NativeReading } from '../core/queue/native-reading.ts';
import type { ForecastReading } from '../core/policies/forecast.ts';
import type { SignalReadings } from '../core/signal.ts';
import { migrateState } from '../core/migrate-state.ts';
import { advance, type Course } from '../core/replay.ts';
import { initialState, type GroupState } from '../core/state.ts';
import type { EpochMs } from '../core/time.ts';
import { countNoRejections, type RejectionCounts } from './counters.ts';
import { DemandFeed } from './demand-feed.ts';
import { Fleet } from './fleet.ts';
import { ForeignChanges } from './foreign-changes.ts';
import { demandSignalsOf } from './demand-past.ts';
import type { CalendarReading, GroupSettings } from './group-settings.ts';
import {
  demandSignal,
  findDemandPolicy,
  listKept,
  listRead,
  listReckoned,
  listReported,
  needsReports,
  toFleetOptions,
} from './group-signals.ts';
import { isInForce } from './hand-mode.ts';
import { HistoryRecorder } from './history-recorder.ts';
import type { DescribeOutcome, TargetDescription } from './ports/scaling-target.ts';
import type { HandMode, JournalEntry, Recovery } from './ports/store.ts';
import type { ScalingActivity } from './ports/scaling-activities.ts';
import { findLaunchFailures } from './read-activities.ts';
import { observePool, sightPool } from './pool-sight.ts';
import { QueueWatch } from './queue-watch.ts';
import { SpendingMeter, spendingSignal } from './spending-meter.ts';
import { SourceBoard } from './source-board.ts';
import { UnseenSignals } from './unseen-signals.ts';
import { countUnhealthy, summarise } from './summarise.ts';
import { findUnsizable } from './unsizable.ts';

/** What a group is held by before anyone was asked. */
export const nobodyYet = 'nobody yet';

/** What a group is held by once the config no longer has it: an act still on its way is refused. */
export const nobodyAnyMore = 'nobody, for the config no longer has the group';

/** How long failed launches are spoken of when no launch has followed. */
const launchFailuresKeptMs = 3_600_000;

/** What the whole controller knows that a group's observation needs. */
export interface Surroundings {
  readonly telemetry: Telemetry;
  readonly isJournalWritable: boolean;
}

/** A decision that changed something, and what came of it, for people to look at. */
export interface Change {
  readonly decision: Decision;
  actuation: Actuation | null;
}

export class ManagedGroup {
  settings: GroupSettings;
  group: Group;
  readonly rejected: RejectionCounts = countNoRejections();
  readonly history: HistoryRecorder;
  /** What signals from elsewhere read. */
  readonly sources: SourceBoard;
  /** What is learned of the queue that its workers serve. */
  readonly queue: QueueWatch;
  fleet: Fleet;
  state: GroupState = initialState;
  description: TargetDescription | null = null;
  /** Why the last description failed; null if it did not. */
  describeFailure: Exclude<DescribeOutcome, { kind: 'described' }> | null = null;
  overrides: readonly Override[] = [];
  /** Null: the mode is that of the settings. */
  modeByHand: HandMode | null = null;
  /** Null: held by this controller. */
  heldBy: string | null = nobodyYet;
  lastDecision: Decision | null = null;
  /** What `lastDecision` was made of; null before the first tick. */
  lastInput: DecisionInput | null = null;
  lastChange: Change | null = null;
  lastReadings: SignalReadings = {};
  lastFleet: FleetReading | null = null;
  /** Of its forecast policies, renewed once a minute. */
  forecasts: Readonly<Record<string, ForecastReading>> = {};
  wakes: readonly Wake[] = [];
  lastTickElapsedMs = Number.NEGATIVE_INFINITY;
  /** Whether any policy looks at what instances report. */
  #needsReports: boolean;
  /** Null without a demand policy. */
  demand: DemandFeed | null;
  /** Of the AWS policy that is in charge; null where none is, and before it was looked at. */
  native: NativeReading | null = null;
  readonly spending: SpendingMeter;
  #launchFailures: LaunchFailures | null = null;
  /** The last description in counts: a tick asks for them several times. */
  #counted: { readonly capacity: Capacity; readonly unhealthy: number } | null = null;
  readonly #foreignChanges: ForeignChanges;
  #unseenSignals: UnseenSignals;
  #calendar: CalendarReading | null = null;
  /** When the newest report since the last tick arrived, by the real clock. */
  arrivedElapsedMs: number | null = null;

  constructor(settings: GroupSettings) {
    this.settings = settings;
    this.group = settings.group;
    this.sources = new SourceBoard(settings.sources ?? [], listRead(settings));
    this.queue = new QueueWatch(this.group.policies);
    this.#needsReports = needsReports(settings);
    this.fleet = this.#createFleet(null);
    this.#foreignChanges = new ForeignChanges(this.group.coexistence?.settleMs ?? 0);
    this.spending = new SpendingMeter(settings.pricePerInstanceHour ?? null);
    this.spending.keepPool(this.group.warmPool ?? null);
    this.#unseenSignals = new UnseenSignals(listReported(settings));
    const policy = findDemandPolicy(settings);
    this.demand = policy === null ? null : new DemandFeed(policy, this.group.warmPool);
    this.history = new HistoryRecorder(this.group.name, listKept(settings), listReckoned(settings));
  }

  /** Other settings for the same Auto Scaling group: what is known of it stays. */
  reconfigure(settings: GroupSettings): void {
    const byHand = this.modeByHand;
    this.settings = settings;
    this.group = settings.group;
    this.changeMode(byHand !== null && isInForce(byHand, settings) ? byHand : null);
    this.fleet.reconfigure(toFleetOptions(settings));
    this.sources.reconfigure(settings.sources ?? [], listRead(settings));
    this.queue.reconfigure(this.group.policies);
    this.#needsReports = needsReports(settings);
    this.spending.reconfigure(settings.pricePerInstanceHour ?? null);
    this.spending.keepPool(this.group.warmPool ?? null);
    if (this.description !== null) this.spending.describe(this.description);
    this.#unseenSignals = new UnseenSignals(listReported(settings));
    this.#reconfigureDemand(findDemandPolicy(settings));
    this.history.reconfigure(listKept(settings), listReckoned(settings));
    this.#foreignChanges.reconfigure(this.group.coexistence?.settleMs ?? 0);
    this.#calendar = null;
  }

  #reconfigureDemand(policy: DemandPolicy | null): void {
    if (policy === null) this.demand = null;
    else if (this.demand === null) this.demand = new DemandFeed(policy, this.group.warmPool);
    else this.demand.reconfigure(policy, this.group.warmPool);
  }

  /** Null goes back to that of the settings. */
  changeMode(byHand: HandMode | null): void {
    this.modeByHand = byHand;
    this.group = { ...this.group, mode: byHand?.mode ?? this.settings.group.mode };
    // Bounds of a decision in another mode, or under other policies.
    this.wakes = [];
  }

  /** Goes on where a stopped controller left off. */
  recover(recovery: Recovery, now: EpochMs): void {
    const state = migrateState(recovery.snapshot.state);
    let course: Course = { group: this.group, state, lastAct: null };
    for (const entry of recovery.since) {
      course = advance(course, entry).course;
      if (entry.kind === 'tick') this.lastDecision = entry.decision;
    }
    this.state = resume(course.state, now);
    this.fleet = this.#createFleet(recovery.snapshot.fleet);
  }

  applyDescription(outcome: DescribeOutcome): void {
    if (outcome.kind !== 'described') {
      this.describeFailure = outcome;
      // A group that AWS does not know has no size to decide about.
      if (outcome.kind === 'missing') this.description = null;
      return;
    }
    const { description } = outcome;
    const unsizable = findUnsizable(description);
    if (unsizable !== null) {
      this.describeFailure = { kind: 'failed', code: 'failed', message: unsizable };
      this.description = null;
      return;
    }
    const isOlder =
      this.description !== null && description.describedAt < this.description.describedAt;
    if (isOlder) return;
    this.describeFailure = null;
    const capacity = summarise(description);
    // What another controller does while it holds the group is as good as our own.
    if (this.description !== null && this.heldBy === null) {
      this.#compare(this.description, capacity);
    }
    this.description = description;
    this.#counted = { capacity, unhealthy: countUnhealthy(description) };
    this.fleet.describe(description);
    this.spending.describe(description);
  }

  /** Whoever is in charge of the size may change it. */
  #compare(before: TargetDescription, after: Capacity): void {
    const isOurs = findNativeInCharge(this.group.policies) === null;
    const { desired } = isOurs ? before : after;
    this.#foreignChanges.compare({ ...before, desired }, after);
  }

  #countCapacity(): Capacity | null {
    return this.description === null ? null : (this.#counted?.capacity ?? null);
  }

  /** Whether what the group did lately may tell something: it is at rest otherwise. */
  wantsActivities(now: EpochMs): boolean {
    const capacity = this.#countCapacity();
    if (capacity === null) return false;
    const { desired, inService } = capacity;
    const isMissingSome = inService < desired;
    return isMissingSome || this.#launchFailures !== null || this.#foreignChanges.hasUnnamed(now);
  }

  /** Newest first. */
  applyActivities(activities: readonly ScalingActivity[], now: EpochMs): void {
    const failures = findLaunchFailures(activities);
    // A failure of long ago that nothing followed is no news any more.
    const isRecent = failures !== null && failures.lastAt > now - launchFailuresKeptMs;
    this.#launchFailures = isRecent ? failures : null;
    this.#foreignChanges.name(activities);
  }

  observe(now: EpochMs, surroundings: Surroundings): Observation {
    const { fleet, signals: reported } = this.fleet.read(now);
    const signals = { ...reported, ...this.sources.read(now) };
    this.lastReadings = signals;
    this.lastFleet = fleet;
    this.overrides = this.overrides.filter(({ until }) => until === null || until > now);
    return {
      capacity: this.#countCapacity(),
      // Where no policy looks at reports, none is expected and no broker is missed.
      fleet: this.#needsReports ? fleet : { ...fleet, expected: 0, reporting: 0 },
      signals,
      telemetry: this.#needsReports ? surroundings.telemetry : 'connected',
      overrides: this.overrides,
      isJournalWritable: surroundings.isJournalWritable,
      heldBy: this.heldBy,
      ...this.#observeBeyond(signals, now),
    };
  }

  /** What is neither a report nor a size. Left out where there is nothing, to keep journals short. */
  #observeBeyond(signals: SignalReadings, now: EpochMs): Partial<Observation> {
    const { sources } = this;
    const readings = { signals, warmed: this.lastFleet?.warmed ?? 0 };
    const unhealthy = this.description === null ? 0 : (this.#counted?.unhealthy ?? 0);
    const foreignChanges = this.#foreignChanges.list(now);
    const spending = this.spending.read(now);
    const unseenSignals = this.#unseenSignals.find(() => this.fleet.members(), signals, now);
    const pending = this.fleet.listPending(candidatesMax);
    const workers = this.fleet.readWorkers(this.state.draining ?? [], now);
    const demand = this.demand?.reading ?? null;
    // One by one: spreading a dozen objects that are mostly empty costs more than the decision.
    const beyond: Writable<Partial<Observation>> = this.#readCalendar(now);
    if (!isNone(this.forecasts)) beyond.forecasts = this.forecasts;
    const isWorkerIdle = (workers?.idle ?? []).length > 0;
    const members = this.fleet.members();
    const { queue } = this.queue.observe({ sources, members, isWorkerIdle, readings }, now);
    if (queue !== undefined) beyond.queue = queue;
    if (this.native !== null) beyond.native = this.native;
    if (unhealthy > 0) beyond.unhealthy = unhealthy;
    if (foreignChanges.length > 0) beyond.foreignChanges = foreignChanges;
    if (this.#launchFailures !== null) beyond.launchFailures = this.#launchFailures;
    if (this.group.budget !== undefined && spending !== null) beyond.spending = spending;
    if (unseenSignals.length > 0) beyond.unseenSignals = unseenSignals;
    if (pending.length > 0 || workers !== null) beyond.candidates = { pending, ...workers };
    if (demand !== null) beyond.demand = demand;
    const plan = this.demand?.poolPlan ?? null;
    const pool = this.group.warmPool === undefined ? null : observePool(this.description, plan);
    if (pool !== null) beyond.warmPool = pool;
    return beyond;
  }

  #readCalendar(now: EpochMs): Pick<Observation, 'schedules' | 'freezes'> {
    const { readCalendar } = this.settings;
    if (readCalendar === undefined) return {};
    if (this.#calendar === null || now >= this.#calendar.validUntil) {
      this.#calendar = readCalendar(now);
    }
    const { schedules, freezes } = this.#calendar;
    return { schedules, ...(freezes.length > 0 && { freezes }) };
  }

  /** The rate of spending, in the history: a restarted controller adds the month up from it. */
  #recordSpending(now: EpochMs): void {
    const { perHour } = this.spending;
    if (perHour !== null) this.history.add(spendingSignal, perHour, now);
  }

  /** The demand that the config states, as far as every signal of it is there. */
  #recordDemand({ signals, fleet: { warmed } }: Observation, now: EpochMs): void {
    const { demand } = this.settings;
    if (demand === undefined) return;
    const value = evaluate(demand.text, demand.expression, { signals, warmed });
    if (typeof value === 'number' && value >= 0) this.history.add(demandSignal, value, now);
  }

  /** Before the observation, so that it has what this second showed. */
  #sampleDemand(now: EpochMs, { telemetry }: Surroundings): void {
    const { demand, description } = this;
    const capacity = this.#countCapacity();
    if (demand === null || capacity === null || description === null) return;
    const before = demand.reading?.at;
    const { hasLoadTopic, group } = this.settings;
    const { fleet, sources } = this;
    const isConnected = telemetry === 'connected';
    const { minReportingRatio } = group;
    const sight = { fleet, sources, capacity, isConnected, hasLoadTopic, minReportingRatio };
    if (group.warmPool !== undefined) demand.seePool(sightPool(description, this.spending));
    demand.sample(sight, now);
    const { reading } = demand;
    if (reading === null || reading.at === before) return;
    this.history.addAll(
      demandSignalsOf(reading, { inService: capacity.inService, unit: demand.unit }),
      reading.at - 1,
    );
  }

  /** Decides once, and returns what the journal should keep of it. */
  tick(now: EpochMs, surroundings: Surroundings): JournalEntry & { readonly kind: 'tick' } {
    this.#sampleDemand(now, surroundings);
    const observation = this.observe(now, surroundings);
    this.#recordSpending(now);
    this.#recordDemand(observation, now);
    const { group, state: before } = this;
    const { state, decision, wakes } = decide(group, before, observation, now);
    this.lastInput = { group, before, observation, at: now };
    this.state = state;
    this.wakes = wakes;
    this.lastDecision = decision;
    this.#recordSeries(observation, decision, now);
    if (decision.acts) this.#expect(decision, now);
    if (decision.kind !== 'hold') this.lastChange = { decision, actuation: null };
    return { kind: 'tick', group: this.group.name, at: now, observation, decision };
  }

  #recordSeries({ capacity }: Observation, decision: Decision, now: EpochMs): void {
    if (capacity === null) return;
    const demand = demandOf(decision);
    const { desired, inService } = capacity;
    const values = { '@desired': desired, '@inService': inService };
    this.history.addAll(demand === null ? values : { ...values, '@demand': demand }, now);
  }

  /** Launches are cancelled one by one: every size on the way may be described. */
  #expect({ cancels, from, to }: Decision, now: EpochMs): void {
    const first = cancels === undefined ? to : from - 1;
    for (let size = first; size > to; size -= 1) this.#foreignChanges.expect(size, now);
    this.#foreignChanges.expect(to, now);
  }

  conclude(decision: Decision, actuation: Actuation, now: EpochMs): void {
    this.state = conclude(this.state, decision, actuation, now);
    if (actuation.kind === 'accepted') this.demand?.noteAsked(decision.to - decision.from, now);
    if (this.lastChange?.decision === decision) this.lastChange.actuation = actuation;
  }

  /** Whether a running value has reached a bound at which the last decision would differ. */
  isWoken(): boolean {
    return this.wakes.some(({ key, atLeast }) => {
      const running = this.fleet.peek(key) ?? this.sources.peek(key);
      return running !== null && running >= atLeast;
    });
  }

  #createFleet(memory: Recovery['snapshot']['fleet'] | null): Fleet {
    return new Fleet(toFleetOptions(this.settings), memory);
  }
}

type Writable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

function isNone(readings: object): boolean {
  return Object.keys(readings).length === 0;
}
