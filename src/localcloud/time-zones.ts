// The time zones that this program's runtime knows (IANA), for the model's scheduled actions.

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../cloud/calendar.ts';
import type { TimeZones } from '../cloud/zoned-cron.ts';

export const TIME_ZONES: TimeZones = {
  isKnown(zone) {
    try {
      return new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone !== '';
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  },
  offsetAt(zone, at) {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
    // `GMT`, `GMT-05:00`, and `GMT-04:56:02` before there were zones.
    const [, sign, hours, minutes, seconds] =
      /^GMT([+-])(\d{2}):(\d{2})(?::(\d{2}))?$/u.exec(name) ?? [];
    if (sign === undefined) return 0;
    const ahead =
      Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * SECOND_MS;
    return sign === '-' ? -ahead : ahead;
  },
};
