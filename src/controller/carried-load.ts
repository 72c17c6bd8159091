// What the instances of a group carry together: the sums that a demand policy learns from.

import type { EpochMs } from '../core/time.ts';
import { isFresh, isWarmed, type Member } from './member.ts';

/** Longer than any launch takes to be of use that a lead is learned from. */
const unheardMs = 600_000;
/** A value is fresh for so many intervals of its instance, if that is longer than the group's bound. */
const freshIntervals = 3;

/** What all that serve carry together, as far as they are heard from. */
export interface CarriedLoad {
  /** In service, and heard from before or there for long: counts, ≥ 0. */
  readonly serving: number;
  readonly reporting: number;
  /** By signal: over those with a fresh value, and how many they are. */
  readonly sums: ReadonlyMap<string, { sum: number; count: number }>;
}

interface LoadSight {
  readonly signals: readonly string[];
  readonly now: EpochMs;
  readonly staleAfterMs: number;
  /** Whether load topics feed the group. */
  readonly hasLoadTopic: boolean;
}

/**
 * Sums over every instance that serves, warming or warmed, and over the streams of load topics. One
 * that never reported is still booting; in service for long, it has no agent, and carries as much as
 * another.
 */
export function addUpLoad(
  members: Iterable<Member>,
  streams: Iterable<Member>,
  { signals, now, staleAfterMs, hasLoadTopic }: LoadSight,
): CarriedLoad {
  const sums = new Map(signals.map((signal) => [signal, { sum: 0, count: 0 }]));
  let serving = 0;
  let reporting = 0;
  const add = (member: Member): void => {
    const isUnheard = member.sampledAt === null;
    if (isUnheard && (hasLoadTopic || !isWarmed(member, now, unheardMs))) return;
    serving += 1;
    if (!isFresh(member, now, staleAfterMs)) return;
    reporting += 1;
    for (const [signal, total] of sums) {
      const value = member.values.get(signal);
      if (value === undefined || !isRecent(member, value.at, { now, staleAfterMs })) continue;
      total.sum += value.value;
      total.count += 1;
    }
  };
  for (const member of members) if (member.phase === 'in-service') add(member);
  for (const stream of streams) add(stream);
  return { serving, reporting, sums };
}

/** Whether a value of that time still stands for its instance. */
export function isRecent(
  { intervalMs }: Member,
  at: EpochMs,
  { now, staleAfterMs }: Pick<LoadSight, 'now' | 'staleAfterMs'>,
): boolean {
  return now - at <= Math.max(staleAfterMs, freshIntervals * (intervalMs ?? 0));
}
