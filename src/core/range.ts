// A range of sizes that a person or a schedule has asked for. Plain arithmetic on two bounds.

/** `atLeast` 0 and `atMost` infinite leave everything open. The lower bound wins where they cross. */
export interface Range {
  readonly atLeast: number;
  readonly atMost: number;
}

export const openRange: Range = { atLeast: 0, atMost: Number.POSITIVE_INFINITY };

/** The size nearest to `size` within the range: 8 within 0–5 is 5. */
export function clampTo(range: Range, size: number): number {
  return Math.max(range.atLeast, Math.min(range.atMost, size));
}

/** What both ask for. */
export function intersect(one: Range, other: Range): Range {
  return {
    atLeast: Math.max(one.atLeast, other.atLeast),
    atMost: Math.min(one.atMost, other.atMost),
  };
}

/**
 * How far `from` may be corrected towards `to` without leaving what is asked for: a size that was
 * raised to the lower bound is not corrected below it, one lowered to the upper bound not above it.
 */
export function correctWithin(range: Range, from: number, to: number): number {
  if (to < from) return Math.max(to, Math.min(from, range.atLeast));
  return Math.min(to, Math.max(from, range.atMost));
}
