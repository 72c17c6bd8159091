// Lengths of time as people write them on a command line. Pure.

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/** `500ms`, `1.5s`, `2m` or `1h` in milliseconds; null for anything else. A unit is needed. */
export function parseDuration(text: string): number | null {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  const unitMs = unitsMs[parts?.[2] ?? ''];
  return unitMs === undefined ? null : Number(parts?.[1]) * unitMs;
}
