// Times, sizes and shares as people read them: local time with UTC beside it.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const clockUtc = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayUtc = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
const isoDay = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short' });

/** `12:03:04`, with the day where it is not that of `now`. */
export function sayTime(at: number, now: number = at): string {
  const isSameDay = isoDay.format(at) === isoDay.format(now);
  return isSameDay ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
}

export function sayUtc(at: number, now: number = at): string {
  const isSameDay = dayUtc.format(at) === dayUtc.format(now);
  return isSameDay
    ? `${clockUtc.format(at)} UTC`
    : `${dayUtc.format(at)} ${clockUtc.format(at)} UTC`;
}

/** The machine's own time is UTC, so that saying both says one thing twice. */
export const isUtcHere = zone === 'UTC' || zone === 'Etc/UTC';

export function sayBoth(at: number, now: number = at): string {
  return isUtcHere ? sayUtc(at, now) : `${sayTime(at, now)} (${sayUtc(at, now)})`;
}

/** A sentence of the controller's with its times as the page tells them. */
export function sayTimesIn(text: string, now: number = Date.now()): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT\d\d:[\d:.]+Z/g, (time) => {
    return sayBoth(Date.parse(time), now);
  });
}

/** A duration in its two largest units: `1 h 5 min`. */
export function sayDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return `${Math.round(hours / 24)} days`;
}

export function sayNumber(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (Number.isInteger(value)) return value.toLocaleString('en-GB');
  return Number(value.toPrecision(3)).toLocaleString('en-GB');
}

export function sayShare(ratio: number | null | undefined): string {
  return ratio === null || ratio === undefined ? '–' : `${Number((ratio * 100).toPrecision(3))}%`;
}

/** A reading in the way its signal's name asks for: shares as percent, everything else as it is. */
export function saySignal(name: string, value: number): string {
  const isShare = name === 'cpu' || name === 'memory' || name.endsWith('Ratio');
  return isShare ? `${Math.round(value * 100)}%` : sayNumber(value);
}

export function sayCount(count: number, one: string, many = `${one}s`): string {
  return `${sayNumber(count)} ${count === 1 ? one : many}`;
}
