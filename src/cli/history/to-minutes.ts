// From values as they were measured elsewhere to minutes of a group's demand, within the time that
// history is kept for. Pure.

export interface PastValue {
  /** Milliseconds since 1970: the start of the time that the value is the mean of. */
  readonly start: number;
  readonly stepMs: number;
  readonly value: number;
}

export interface PastMinutes {
  /** Ascending by start; each start once. */
  readonly minutes: readonly (readonly [start: number, mean: number])[];
  /** Values older than history is kept for. */
  readonly tooOld: number;
}

const minuteMs = 60_000;
/** As long as minutes are kept. */
const keptMs = 60 * 86_400_000;

/**
 * Minutes that are over at `now`. Of several values within a minute the mean; a value of a longer step
 * stands for each of its minutes. What is wrong is one line.
 */
export function toMinutes(
  values: readonly PastValue[],
  now: number,
): { readonly ok: true; readonly past: PastMinutes } | { readonly ok: false; message: string } {
  const sums = new Map<number, { sum: number; count: number }>();
  let tooOld = 0;
  for (const { start, stepMs, value } of values) {
    if (!Number.isFinite(value) || value < 0) {
      return refuse(`${tell(start)} has the value ${value}; demand is a number of 0 or more`);
    }
    if (start > now) return refuse(`${tell(start)} is still to come; a past is imported`);
    if (start < now - keptMs) {
      tooOld += 1;
      continue;
    }
    const first = Math.floor(start / minuteMs) * minuteMs;
    for (let minute = first; minute < start + stepMs; minute += minuteMs) {
      if (minute + minuteMs > now) break;
      const sum = sums.get(minute) ?? { sum: 0, count: 0 };
      sum.sum += value;
      sum.count += 1;
      sums.set(minute, sum);
    }
  }
  const minutes = [...sums].map(([start, { sum, count }]) => [start, sum / count] as const);
  if (minutes.length > 0) {
    return { ok: true, past: { minutes: minutes.toSorted(([a], [b]) => a - b), tooOld } };
  }
  if (tooOld === 0) return refuse('there is no value in it');
  return refuse(`all ${tooOld} values are older than the 60 days that history is kept for`);
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}

function tell(at: number): string {
  return Number.isFinite(at) && Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : String(at);
}
