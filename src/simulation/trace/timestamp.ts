// Reads a point in time from text, without a calendar library and without the machine's clock.

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Epoch seconds of `1524614400`, `2018-04-25T00:00:00Z`, `2018-04-25 00:00:00+02:00` or
 * `2018-04-25`; undefined for anything else. A time without a zone is UTC.
 */
export function parseTimestamp(text: string): number | undefined {
  const seconds = Number(text);
  // Number reads blank text as 0.
  if (seconds !== 0 && Number.isFinite(seconds)) return seconds;
  const trimmed = text.trim();
  if (seconds === 0) return trimmed === '' ? undefined : 0;
  const match = isoPattern.exec(trimmed);
  return match === null ? undefined : secondsOfIso(match);
}

function secondsOfIso(match: RegExpExecArray): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? '0'));
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const fraction = match[7] === undefined ? 0 : Number(`0.${match[7]}`);
  const inDay = hour * 3600 + minute * 60 + second + fraction;
  return daysFromCivil(year, month, day) * 86_400 + inDay - offsetSeconds(match[8]);
}

function offsetSeconds(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const digits = zone.slice(1).replace(':', '');
  return sign * (Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2)) * 60);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Days since 1970-01-01 in the proleptic Gregorian calendar (Howard Hinnant's algorithm). */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  return era * 146_097 + yearOfEra * 365 + leapDays + dayOfYear - 719_468;
}
