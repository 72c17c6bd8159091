// Numbers as people read them: signals in their unit, durations, counts. English, and the same on
// every machine.

/** A value in the unit that its signal's name tells: shares as percents. */
export function sayValue(signal: string, value: number): string {
  if (signal === 'cpu' || signal.endsWith('Ratio')) return sayPercent(value);
  return sayNumber(value);
}

/** A range of a signal, as steps have it: `70% to 85%`, `from 85%`, `up to 30%`. */
export function sayRange(signal: string, lower: number | null, upper: number | null): string {
  if (lower === null) {
    return upper === null ? 'that holds everything' : `up to ${sayValue(signal, upper)}`;
  }
  if (upper === null) return `from ${sayValue(signal, lower)}`;
  return `${sayValue(signal, lower)} to ${sayValue(signal, upper)}`;
}

export function sayPercent(ratio: number): string {
  return `${sayNumber(ratio * 100)}%`;
}

/** Three significant digits at most, without trailing zeros, never in scientific form. */
export function sayNumber(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return String(Number(value.toFixed(digits)));
}

/** Whole cents, and the price of an instance-hour to a hundredth of one: `$4000`, `$0.0416`. */
export function sayDollars(value: number): string {
  return `$${Number(value.toFixed(value < 1 ? 4 : 2))}`;
}

/** `1 instance`, `2 instances`. */
export function sayCount(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Milliseconds in the unit that reads best. */
export function sayDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 120_000) return `${sayNumber(ms / 1000)} s`;
  if (ms < 7_200_000) return `${sayNumber(ms / 60_000)} min`;
  return `${sayNumber(ms / 3_600_000)} h`;
}
