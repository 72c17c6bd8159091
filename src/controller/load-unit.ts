// What the numbers of a demand are of, as one number that memory and history keep beside them: what was
// learned in one unit is of no use in another.

import type { SignalSelector } from '../core/signal.ts';

/** Where a load comes from that the config does not name, the better the later. */
const loadKinds = ['share', 'source', 'requests'] as const;
/** `chosen` is what the config names, and then the only one. */
export type LoadKind = (typeof loadKinds)[number] | 'chosen';

/** Before this, 3 stood for any load that a config named. */
const firstChosen = 4;
const chosenBits = 24;

/** 0, 1 or 2, or a number of its own for each load that a config may name: < 2²⁵. */
export function unitOf(kind: LoadKind, load: SignalSelector | undefined): number {
  if (kind !== 'chosen') return loadKinds.indexOf(kind);
  return firstChosen + hashText(load?.key ?? '');
}

/** Null where a policy that looks at this `load` has no use for numbers of the unit. */
export function kindOf(unit: number, load: SignalSelector | undefined): LoadKind | null {
  if (load !== undefined) return unit === unitOf('chosen', load) ? 'chosen' : null;
  return loadKinds[unit] ?? null;
}

/** Whether the first is known by worse signs than the second. */
export function isWorse(kind: LoadKind, than: LoadKind): boolean {
  return rank(kind) < rank(than);
}

function rank(kind: LoadKind): number {
  return kind === 'chosen' ? loadKinds.length : loadKinds.indexOf(kind);
}

/** FNV-1a (Fowler, Noll and Vo) of 32 bits over the code units, folded to 24 as its authors advise. */
function hashText(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93);
  }
  return ((hash >>> chosenBits) ^ hash) & (2 ** chosenBits - 1);
}
