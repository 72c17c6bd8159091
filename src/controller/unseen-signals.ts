// Signals that the policies name and no instance has ever reported: most often a name written wrongly.
// Looked for only where a reading is missing.

import { countEdits } from '../core/edit-distance.ts';
import type { UnseenSignal } from '../core/observation.ts';
import type { SignalReadings, SignalSelector } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { Member } from './member.ts';

/** Names told of those that are reported, the nearest first. */
export const namesToldMax = 8;
/** Names looked at; an agent may report many. */
const namesSeenMax = 256;
/** A look is as good for so long: names do not come and go. */
const lookEveryMs = 10_000;

export class UnseenSignals {
  readonly #selectors: readonly SignalSelector[];
  #found: readonly UnseenSignal[] = [];
  #lookedAt: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(selectors: readonly SignalSelector[]) {
    this.#selectors = selectors;
  }

  /** Empty while no instance reports anything: silence says nothing about names. */
  find(
    members: () => Iterable<Member>,
    readings: SignalReadings,
    now: EpochMs,
  ): readonly UnseenSignal[] {
    const isMissing = ({ key }: SignalSelector): boolean => readings[key] === undefined;
    if (!this.#selectors.some(isMissing)) {
      this.#lookedAt = Number.NEGATIVE_INFINITY;
      return [];
    }
    if (now - this.#lookedAt < lookEveryMs) return this.#found;
    const missing = this.#selectors.filter(isMissing);
    this.#lookedAt = now;
    const names = listNames(members());
    const unseen = new Set(missing.map(({ signal }) => signal).filter((name) => !names.has(name)));
    this.#found =
      names.size === 0
        ? []
        : [...unseen].map((signal) => ({ signal, seen: rankNames(signal, [...names]) }));
    return this.#found;
  }
}

function listNames(members: Iterable<Member>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { values } of members) {
    for (const name of values.keys()) {
      if (names.size < namesSeenMax) names.add(name);
    }
  }
  return names;
}

/** The names most like `word`, at most `namesToldMax`; of equals in the order of the alphabet. */
export function rankNames(word: string, names: readonly string[]): readonly string[] {
  const distances = new Map(
    names.map((name) => [name, countEdits(word.toLowerCase(), name.toLowerCase())]),
  );
  const distanceOf = (name: string): number => distances.get(name) ?? 0;
  return names
    .toSorted((one, other) => distanceOf(one) - distanceOf(other) || (one < other ? -1 : 1))
    .slice(0, namesToldMax);
}
