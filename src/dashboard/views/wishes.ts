// What a person can ask of a group, as the API takes it.

import type { Mode } from '../contract.ts';

export type WishKind = 'set' | 'hold' | 'pause' | 'mode' | 'resume';

/** What stands in the form. */
export interface Draft {
  readonly kind: WishKind;
  /** As it was typed: it may be no size. */
  readonly size: string;
  /** How long it lasts, as the API reads it; empty: until resumed. */
  readonly lasts: string;
  readonly mode: Mode;
  readonly why: string;
}

export const modes: readonly Mode[] = ['observe', 'advise', 'scale-out-only', 'active'];

export const modeWords: Readonly<Record<Mode, string>> = {
  observe: 'records only',
  advise: 'decides, changes nothing',
  'scale-out-only': 'adds, never removes',
  active: 'adds and removes',
};

interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** Read as a size; what is no whole number from 0 on is null. */
export function readSize(text: string): number | null {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : null;
}

/** Why the draft cannot even be asked about, in one line; null where it can. */
export function findMistake({ kind, size }: Draft, bounds: Bounds): string | null {
  if (kind !== 'set' && kind !== 'hold') return null;
  if (readSize(size) !== null) return null;
  const found = size.trim() === '' ? 'the size is no number' : `the size is ${size.trim()}`;
  return `${found}; allowed: a whole number from ${bounds.min} to ${bounds.max}`;
}

/** The body of the POST that the draft is. A preview needs no reason yet. */
export function toBody({ kind, lasts, mode, size, why }: Draft, isPreview: boolean): object {
  const reason = why.trim() === '' && isPreview ? 'a preview' : why.trim();
  const until = { for: lasts === '' ? null : lasts };
  switch (kind) {
    case 'set':
      return { desired: readSize(size), ...until, why: reason };
    case 'hold':
      return { atLeast: readSize(size), ...until, why: reason };
    case 'pause':
      return { ...until, why: reason };
    case 'mode':
      return { mode, why: reason };
    case 'resume':
      return {};
  }
}
