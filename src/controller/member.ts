// What is known of one source of reports: an instance that AWS lists, or a stream of an inherited
// load topic. Plain mutable records, owned by the fleet.

import type { EpochMs } from '../core/time.ts';
import type { InstanceState } from '../wire/status.ts';
import type { CounterRate } from './counter-rate.ts';
import type { InstancePhase } from './ports/scaling-target.ts';

/** Sequence numbers remembered of a session, to know a report that is delivered twice. */
const sequencesRemembered = 256;

/** Distinct signal names kept of one instance; further ones are not taken. */
const signalsPerMemberMax = 256;

export interface SignalValue {
  value: number;
  /** When it was sampled: arrival − age. */
  at: EpochMs;
  /** Of a signal that a selector reads as a counter. */
  counter?: CounterRate;
}

export interface Member {
  readonly id: string;
  phase: InstancePhase;
  lifecycleState: string;
  zone: string;
  instanceType: string;
  /** When a description first showed it; 0 of a stream. */
  readonly firstSeenAt: EpochMs;
  /** Null while not in service. 0: since before the group was watched. */
  inServiceSince: EpochMs | null;
  /** When a description first showed it out of the warm pool; null for one that was in none. */
  leftPoolAt: EpochMs | null;
  /** Whether it has been in service and heard from at the same time, or was there before. */
  isOfUse: boolean;
  /** When its newest sample was taken; null before the first. */
  sampledAt: EpochMs | null;
  intervalMs: number | null;
  /** The sender's clock minus ours at the last report, in milliseconds: only for people. */
  clockSkewMs: number | null;
  /** What the instance says of itself; `lost` ends with the next report. */
  said: InstanceState | null;
  /** Since when it says that it drains, an `offline` after it included; null while it does not. */
  drainingSince: EpochMs | null;
  /** Whether it has said of itself what hears commands: `online` or `draining`. */
  hearsCommands: boolean;
  /** Told to drain: it counts for nothing any more. */
  isLeaving: boolean;
  agentVersion: string | null;
  readonly values: Map<string, SignalValue>;
  session: string | null;
  readonly sequences: Float64Array;
  /** What each selector of the group counted of it at the last reading; NaN: nothing. */
  counted: Float64Array;
}

/** An instance that has come to be of use. */
export interface Arrival {
  readonly seenAt: EpochMs;
  readonly isWarm: boolean;
}

export function createMember(id: string, selectorCount: number, firstSeenAt: EpochMs = 0): Member {
  return {
    id,
    phase: 'pending',
    lifecycleState: 'Pending',
    zone: '',
    instanceType: '',
    firstSeenAt,
    inServiceSince: null,
    leftPoolAt: null,
    isOfUse: false,
    sampledAt: null,
    intervalMs: null,
    clockSkewMs: null,
    said: null,
    drainingSince: null,
    hearsCommands: false,
    isLeaving: false,
    agentVersion: null,
    values: new Map(),
    session: null,
    sequences: new Float64Array(sequencesRemembered).fill(Number.NaN),
    counted: new Float64Array(selectorCount).fill(Number.NaN),
  };
}

/** Forgets what was counted of it: the selectors are others now. */
export function forgetCounted(member: Member, selectorCount: number): void {
  member.counted = new Float64Array(selectorCount).fill(Number.NaN);
}

/** Whether this report of this session has been seen; remembers it. */
export function isRepeated(member: Member, session: string, sequence: number): boolean {
  if (member.session !== session) {
    member.session = session;
    member.sequences.fill(Number.NaN);
  }
  const slot = sequence % sequencesRemembered;
  if (member.sequences[slot] === sequence) return true;
  member.sequences[slot] = sequence;
  return false;
}

/** Whether its newest sample is recent: three of its own intervals, or the group's bound. */
export function isFresh(member: Member, now: EpochMs, staleAfterMs: number): boolean {
  if (member.sampledAt === null || member.said === 'lost' || member.said === 'offline') {
    return false;
  }
  const boundMs = Math.max(staleAfterMs, 3 * (member.intervalMs ?? 0));
  return now - member.sampledAt <= boundMs;
}

/** Whether load is meant to reach it and its readings count. */
export function isWarmed(member: Member, now: EpochMs, warmupMs: number): boolean {
  if (member.phase !== 'in-service' || member.inServiceSince === null) return false;
  if (member.said === 'draining' || member.isLeaving) return false;
  return now - member.inServiceSince >= warmupMs;
}

/** What is known of the signal now; null where it is one name too many. */
export function takeValue(
  member: Member,
  name: string,
  value: number,
  at: EpochMs,
): SignalValue | null {
  const known = member.values.get(name);
  if (known === undefined) {
    if (member.values.size >= signalsPerMemberMax) return null;
    const taken = { value, at };
    member.values.set(name, taken);
    return taken;
  }
  if (at >= known.at) {
    known.value = value;
    known.at = at;
  }
  return known;
}

/**
 * What an instance said before it waited says nothing of whether it serves again; how long that takes
 * is learned each time it is started.
 */
export function followPool(member: Member, phase: InstancePhase, describedAt: EpochMs): void {
  if (phase === 'warm-pool') {
    member.isOfUse = false;
    return;
  }
  if (member.phase !== 'warm-pool') return;
  member.leftPoolAt = describedAt;
  member.sampledAt = null;
  member.values.clear();
}
