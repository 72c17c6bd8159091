// The instances of one group as their reports and AWS's descriptions show them: who counts, who is
// silent, and what the group's selectors read. Decides nothing.
// size: every reading walks the same members, so that their counts agree

import type { FleetReading } from '../core/observation.ts';
import type { SignalReading, SignalReadings, SignalSelector } from '../core/signal.ts';
import type { Drain } from '../core/state.ts';
import type { EpochMs } from '../core/time.ts';
import type { RejectionReason } from '../wire/rejection.ts';
import type { Report } from '../wire/report.ts';
import type { InstanceState, InstanceStatus } from '../wire/status.ts';
import { workInHandSignal } from '../wire/work.ts';
import { addUpLoad, isRecent, type CarriedLoad } from './carried-load.ts';
import { CounterRate, listCounters, takenBy } from './counter-rate.ts';
import { LoadStreams } from './load-streams.ts';
import {
  createMember,
  followPool,
  forgetCounted,
  isFresh,
  isRepeated,
  isWarmed,
  takeValue,
  type Arrival,
  type Member,
} from './member.ts';
import type { TargetDescription, TargetInstance } from './ports/scaling-target.ts';
import type { FleetMemory } from './ports/store.ts';
import { readWorkers, type WorkersReading } from './read-workers.ts';
import { RunningReading } from './running-reading.ts';

/** Statuses kept of those that no description has shown; the oldest goes first. */
const unheardMax = 1000;

export interface FleetOptions {
  readonly selectors: readonly SignalSelector[];
  readonly warmupMs: number;
  readonly staleAfterMs: number;
  /** Whether load topics feed the group, so that their streams count as sources. */
  readonly hasLoadTopic: boolean;
}

/** Counts that stay as they are while nobody reports. */
interface QuietCounts {
  readonly counts: FleetReading;
  readonly from: EpochMs;
  /** The end of the next warm-up. */
  readonly until: EpochMs;
}

const nothingRemembered: FleetMemory = { inServiceSince: {} };

/** What a report came to: a sample to remember, or why not. */
export type Reported =
  | { readonly ok: true; readonly sampledAt: EpochMs; readonly isLate: boolean }
  | { readonly ok: false; readonly reason: RejectionReason };

export class Fleet {
  #options: FleetOptions;
  readonly #members = new Map<string, Member>();
  /**
   * What those said of themselves that no description has shown: an agent says it once, and a broker
   * tells what it kept before the first description is there.
   */
  readonly #unheard = new Map<string, InstanceStatus>();
  readonly #streams: LoadStreams;
  #readings: readonly RunningReading[];
  /** The signals that a selector reads as counters. */
  #counters: ReadonlySet<string>;
  /** Null until the first description, unless a stopped controller left its memory. */
  #memory: FleetMemory | null;
  /** The list that was taken over last. */
  #listed: TargetDescription['instances'] | null = null;
  /** Null where somebody reports, and once anything was said or described since. */
  #quiet: QuietCounts | null = null;
  /** Whether any instance ever told of its work in hand. */
  #hasToldOfWork = false;

  constructor(options: FleetOptions, memory: FleetMemory | null) {
    this.#options = options;
    this.#memory = memory;
    this.#readings = options.selectors.map((selector) => new RunningReading(selector));
    this.#counters = listCounters(options.selectors);
    this.#streams = new LoadStreams(options.selectors.length);
  }

  /** Other selectors or bounds: members and their values stay, and windows that are still asked for. */
  reconfigure(options: FleetOptions): void {
    const known = new Map(this.#readings.map((reading) => [reading.selector.key, reading]));
    this.#readings = options.selectors.map(
      (selector) => known.get(selector.key) ?? new RunningReading(selector),
    );
    this.#counters = listCounters(options.selectors);
    this.#options = options;
    this.#quiet = null;
    const count = options.selectors.length;
    for (const member of this.#members.values()) forgetCounted(member, count);
    this.#streams.reconfigure(count);
  }

  /** Takes over who is in the group, from a list that is not changed later. Who is gone is forgotten. */
  describe(description: TargetDescription): void {
    if (description.instances === this.#listed) return;
    this.#listed = description.instances;
    this.#quiet = null;
    const isFirst = this.#memory === null;
    const listed = new Set<string>();
    for (const instance of description.instances) {
      listed.add(instance.id);
      this.#describeInstance(instance, description.describedAt, isFirst);
    }
    for (const id of this.#members.keys()) if (!listed.has(id)) this.#members.delete(id);
    // Who stays is a member; who comes back has just arrived.
    this.#memory = nothingRemembered;
  }

  /** A report of an instance. Only of members: anyone can invent a name. */
  report(id: string, report: Report, arrivedAt: EpochMs): Reported {
    const member = this.#members.get(id);
    if (member === undefined) return { ok: false, reason: 'not-a-member' };
    if (report.signals[workInHandSignal] !== undefined) this.#hasToldOfWork = true;
    const { session, sequence } = report;
    if (session !== undefined && sequence !== undefined && isRepeated(member, session, sequence)) {
      return { ok: false, reason: 'duplicate' };
    }
    return this.#take(member, report, arrivedAt);
  }

  /** A line of an inherited load topic. `clientId` null: the anonymous stream. */
  reportStream(clientId: string | null, report: Report, arrivedAt: EpochMs): Reported {
    const stream = this.#streams.find(clientId, arrivedAt);
    if (stream === null) return { ok: false, reason: 'inbox-full' };
    return this.#take(stream, this.#streams.smooth(clientId, report, arrivedAt), arrivedAt);
  }

  /** What an instance says of itself. Retained words say nothing about whether it lives now. */
  say(
    id: string,
    status: InstanceStatus,
    { isRetained, arrivedAt }: { readonly isRetained: boolean; readonly arrivedAt: EpochMs },
  ): RejectionReason | null {
    const member = this.#members.get(id);
    if (member === undefined) {
      this.#keepUnheard(id, status);
      return 'not-a-member';
    }
    this.#quiet = null;
    member.agentVersion = status.agentVersion ?? member.agentVersion;
    if (status.state === 'draining' || status.state === 'online') {
      member.said = status.state;
      member.hearsCommands = true;
      member.drainingSince = status.state === 'online' ? null : (member.drainingSince ?? arrivedAt);
      return null;
    }
    const isOfOldSession =
      member.session !== null && status.session !== undefined && status.session !== member.session;
    if (!isRetained && !isOfOldSession) member.said = status.state;
    return null;
  }

  /** Counts everyone anew and reads every selector. */
  read(now: EpochMs): { readonly fleet: FleetReading; readonly signals: SignalReadings } {
    const quiet = this.#quiet;
    // Nobody reports: every reading is empty, as it was.
    if (quiet !== null && now >= quiet.from && now < quiet.until) {
      return { fleet: quiet.counts, signals: {} };
    }
    for (const reading of this.#readings) reading.reset();
    let isHeard = false;
    let until = Number.POSITIVE_INFINITY;
    const counts = { warmed: 0, warming: 0, expected: 0, reporting: 0, silent: 0 };
    const { warmupMs, staleAfterMs, hasLoadTopic } = this.#options;
    for (const member of this.#members.values()) {
      const isReporting = isFresh(member, now, staleAfterMs);
      const isCounted = isWarmed(member, now, warmupMs);
      isHeard ||= isReporting;
      if (!isCounted && member.inServiceSince !== null) {
        const warmAt = member.inServiceSince + warmupMs;
        if (warmAt > now) until = Math.min(until, warmAt);
      }
      if (member.phase === 'in-service') {
        if (isCounted) counts.warmed += 1;
        else if (member.said !== 'draining' && !member.isLeaving) counts.warming += 1;
        if (!isReporting && member.sampledAt !== null) counts.silent += 1;
      }
      const isExpected = isCounted && (!hasLoadTopic || member.sampledAt !== null);
      if (isExpected) counts.expected += 1;
      if (isExpected && isReporting) counts.reporting += 1;
      this.#countReadings(member, isCounted && isReporting, now);
    }
    for (const stream of this.#streams.all(now)) {
      const isReporting = isFresh(stream, now, staleAfterMs);
      isHeard = true;
      counts.expected += 1;
      if (isReporting) counts.reporting += 1;
      this.#countReadings(stream, isReporting, now);
    }
    // A group that load topics should feed and nothing has yet: every instance is missed.
    if (hasLoadTopic && counts.expected === 0) counts.expected = counts.warmed;
    this.#quiet = isHeard ? null : { counts, from: now, until };
    return { fleet: counts, signals: this.#takeReadings(now) };
  }

  /** Sums of signals over every instance that serves: see `addUpLoad`. */
  addUp(signals: readonly string[], now: EpochMs): CarriedLoad {
    return addUpLoad(this.#members.values(), this.#streams.all(now), {
      signals,
      now,
      ...this.#options,
    });
  }

  /**
   * Instances that have come to be of use, in service and heard from: when each was first seen on its
   * way there, and whether it came from the warm pool. And how many are on their way.
   */
  takeArrivals(): { readonly arrivals: readonly Arrival[]; readonly waiting: number } {
    const arrivals: Arrival[] = [];
    let waiting = 0;
    for (const member of this.#members.values()) {
      if (member.isOfUse) continue;
      if (member.phase === 'pending') waiting += 1;
      if (member.phase !== 'in-service') continue;
      if (member.sampledAt === null) {
        waiting += 1;
        continue;
      }
      member.isOfUse = true;
      const { leftPoolAt, firstSeenAt } = member;
      arrivals.push({ seenAt: leftPoolAt ?? firstSeenAt, isWarm: leftPoolAt !== null });
    }
    return { arrivals, waiting };
  }

  /** A selector's number between ticks; null where it is not kept running. */
  peek(key: string): number | null {
    const reading = this.#readings.find((one) => one.selector.key === key);
    return reading?.peek() ?? null;
  }

  /** The ids of at most so many instances that are being launched, the newest first. */
  listPending(most: number): readonly string[] {
    const pending: Member[] = [];
    for (const member of this.#members.values()) {
      if (member.phase === 'pending') pending.push(member);
    }
    if (pending.length === 0) return [];
    pending.sort(
      (one, other) => other.firstSeenAt - one.firstSeenAt || (one.id < other.id ? 1 : -1),
    );
    return pending.slice(0, most).map(({ id }) => id);
  }

  /** What is known of the work in hand of those in service; null where none tells of it. */
  readWorkers(drains: readonly Drain[], now: EpochMs): WorkersReading | null {
    if (drains.length > 0) this.#hasToldOfWork = true;
    if (!this.#hasToldOfWork) return null;
    const leaving = drains.filter(({ isCalledOff }) => !isCalledOff);
    for (const member of this.#members.values()) {
      const isLeaving = leaving.some(({ instance }) => instance === member.id);
      if (isLeaving !== member.isLeaving) this.#quiet = null;
      member.isLeaving = isLeaving;
    }
    return readWorkers(this.#members, drains, {
      now,
      isFresh: (member) => !this.isStale(member, now),
    });
  }

  /** What an instance said of itself last; null where it said nothing, or is not there. */
  whatSays(id: string): InstanceState | null {
    return this.#members.get(id)?.said ?? null;
  }

  members(): IterableIterator<Member> {
    return this.#members.values();
  }

  isStale(member: Member, now: EpochMs): boolean {
    return !isFresh(member, now, this.#options.staleAfterMs);
  }

  /** The values of one signal that are fresh, of every source. */
  *freshValues(signal: string, now: EpochMs): Generator<number> {
    for (const member of [...this.#members.values(), ...this.#streams.all(now)]) {
      const value = member.values.get(signal);
      if (value !== undefined && isFresh(member, now, this.#options.staleAfterMs)) {
        yield value.value;
      }
    }
  }

  /** What a restarted controller needs to know who is warming up. */
  remember(): FleetMemory {
    const inServiceSince: Record<string, EpochMs> = {};
    for (const member of this.#members.values()) {
      if (member.inServiceSince !== null) inServiceSince[member.id] = member.inServiceSince;
    }
    return { inServiceSince };
  }

  /**
   * An instance in service when the group is first looked at has been there for who knows how long:
   * it counts as warmed. One that appears later has just arrived.
   */
  #describeInstance(instance: TargetInstance, describedAt: EpochMs, isFirst: boolean): void {
    const { id, phase, lifecycleState, zone, instanceType } = instance;
    let member = this.#members.get(id);
    if (member === undefined) {
      member = createMember(id, this.#readings.length, describedAt);
      // Nobody knows when one was asked for that is there already.
      member.isOfUse = isFirst || this.#memory?.inServiceSince[id] !== undefined;
      this.#members.set(id, member);
      const said = this.#unheard.get(id);
      if (said !== undefined) this.say(id, said, { isRetained: true, arrivedAt: describedAt });
      this.#unheard.delete(id);
    }
    followPool(member, phase, describedAt);
    member.phase = phase;
    member.lifecycleState = lifecycleState;
    member.zone = zone;
    member.instanceType = instanceType;
    if (phase !== 'in-service') member.inServiceSince = null;
    else member.inServiceSince ??= this.#memory?.inServiceSince[id] ?? (isFirst ? 0 : describedAt);
  }

  #keepUnheard(id: string, status: InstanceStatus): void {
    this.#unheard.delete(id);
    this.#unheard.set(id, status);
    const [oldest] = this.#unheard.keys();
    if (this.#unheard.size > unheardMax && oldest !== undefined) this.#unheard.delete(oldest);
  }

  #take(member: Member, report: Report, arrivedAt: EpochMs): Reported {
    this.#quiet = null;
    const sampledAt = arrivedAt - (report.ageMs ?? 0);
    const isLate = member.sampledAt !== null && sampledAt < member.sampledAt;
    if (member.said === 'lost' || member.said === 'offline') member.said = null;
    if (!isLate) member.sampledAt = sampledAt;
    if (report.intervalMs !== undefined) member.intervalMs = report.intervalMs;
    if (report.sentAt !== undefined) member.clockSkewMs = report.sentAt - arrivedAt;
    for (const name in report.signals) {
      const value = report.signals[name];
      const taken = value === undefined ? null : takeValue(member, name, value, sampledAt);
      if (taken === null || !this.#counters.has(name)) continue;
      taken.counter ??= new CounterRate();
      taken.counter.take(taken.value, taken.at);
    }
    this.#keepRunning(member);
    return { ok: true, sampledAt, isLate };
  }

  /** Between ticks: an instance that is counted keeps being counted, with its newest value. */
  #keepRunning(member: Member): void {
    for (const [index, reading] of this.#readings.entries()) {
      const before = member.counted[index] ?? Number.NaN;
      if (Number.isNaN(before)) continue;
      const newest = member.values.get(reading.selector.signal);
      const value = newest === undefined ? null : takenBy(reading.selector, newest);
      if (newest === undefined || value === null) continue;
      reading.replace(before, value, newest.at);
      member.counted[index] = value;
    }
  }

  #countReadings(member: Member, isCounted: boolean, now: EpochMs): void {
    for (const [index, reading] of this.#readings.entries()) {
      const newest = isCounted ? member.values.get(reading.selector.signal) : undefined;
      const value = newest === undefined ? null : takenBy(reading.selector, newest);
      if (
        newest === undefined ||
        value === null ||
        !isRecent(member, newest.at, { now, staleAfterMs: this.#options.staleAfterMs })
      ) {
        member.counted[index] = Number.NaN;
        continue;
      }
      reading.count(value, newest.at);
      member.counted[index] = value;
    }
  }

  #takeReadings(now: EpochMs): SignalReadings {
    const signals: Record<string, SignalReading> = {};
    for (const reading of this.#readings) {
      const taken = reading.take(now);
      if (taken !== undefined) signals[reading.selector.key] = taken;
    }
    return signals;
  }
}
