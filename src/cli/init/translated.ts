// What becomes of one thing that AWS does today: a piece of the file, or a word on why there is none.

export interface Translated {
  /** Lines of a list entry, without its indentation; empty if it has no counterpart. */
  readonly lines: readonly string[];
  /** What was found, and what was chosen; each a comment line. */
  readonly notes: readonly string[];
}

/** At most six digits behind the point, none of them idle. */
export function formatNumber(value: number): string {
  return String(Number(value.toFixed(6)));
}

export function formatPercent(percent: number): string {
  return `${formatNumber(percent)}%`;
}
