// Values with their unit: durations, percents, sizes. Text in, number out; null for text that is
// none. Every pattern is also the editor's, through the JSON Schema.

export const durationPattern = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
export const percentPattern = /^([+-]?\d+(?:\.\d+)?)%$/;
export const sizePattern = /^(\d+(?:\.\d+)?)(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)(?:\/s)?$/;

/** Any of the three. */
export const quantityPattern =
  /^[+-]?\d+(\.\d+)?(%|ms|s|m|h|d|(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)(\/s)?)$/;

const millisecondsByUnit: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const bytesByUnit: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['KiB', 1024],
  ['MiB', 1_048_576],
  ['GiB', 1_073_741_824],
  ['TiB', 1_099_511_627_776],
]);

/** Whole milliseconds: `1.5s` is 1500. Null for a fraction of one. */
export function parseDuration(text: string): number | null {
  const milliseconds = parseWithUnit(text, durationPattern, millisecondsByUnit);
  if (milliseconds === null) return null;
  const whole = Math.round(milliseconds);
  // 1.1 × 60,000 is not whole in floating point; 0.4 ms is not whole at all.
  return Math.abs(milliseconds - whole) < 1e-6 && Number.isSafeInteger(whole) ? whole : null;
}

/** The same for text that the schema has checked. */
export function requireDuration(text: string): number {
  const durationMs = parseDuration(text);
  if (durationMs === null) throw new Error(`the schema let a bad duration through: ${text}`);
  return durationMs;
}

/** A ratio: `60%` is 0.6. */
export function parsePercent(text: string): number | null {
  const number = percentPattern.exec(text)?.[1];
  // Shifting the decimal point in the text keeps 33.3% at 0.333; dividing by 100 does not.
  return number === undefined ? null : finiteOrNull(Number(`${number}e-2`));
}

/** Bytes: `512MiB` is 536,870,912; `/s` may follow. */
export function parseSize(text: string): number | null {
  return parseWithUnit(text, sizePattern, bytesByUnit);
}

function parseWithUnit(
  text: string,
  pattern: RegExp,
  factors: ReadonlyMap<string, number>,
): number | null {
  const [, number, unit] = pattern.exec(text) ?? [];
  const factor = unit === undefined ? undefined : factors.get(unit);
  return factor === undefined ? null : finiteOrNull(Number(number) * factor);
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
