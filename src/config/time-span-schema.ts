// How spans of time are written in a configuration file: by cron, or by dates on the clocks of a zone.

import { builtInDefaults } from './built-in-defaults.ts';
import { duration, matching, optional, text } from './scalars.ts';
import { localTimePattern } from './time-span.ts';

const localTimeAllowed = 'a date and a time, such as 2026-11-27 08:40';

export const timeZone = text('an IANA time zone, such as Europe/Berlin or UTC');
export const timeZoneKey = {
  description: 'The clocks that its times are on: an IANA time zone.',
  default: builtInDefaults.timeZone,
  examples: ['Europe/Berlin'],
};

export const timeSpan = {
  cron: optional(text('a cron rule of five fields, such as 0 8 * * 1-5'), {
    description:
      'When it begins, again and again: minute, hour, day of month, month, day of week. Needs `duration`.',
    examples: ['0 8 * * 1-5'],
  }),
  duration: optional(duration('1m', '366d'), {
    description: 'How long it lasts, with `cron`.',
    examples: ['10h'],
  }),
  from: optional(matching(localTimePattern, localTimeAllowed), {
    description: 'When it begins, once. Needs `until`.',
    examples: ['2026-11-27 09:00'],
  }),
  until: optional(matching(localTimePattern, localTimeAllowed), {
    description: 'When it ends, with `from`.',
    examples: ['2026-11-27 23:00'],
  }),
  lead: optional(duration('0s', '7d'), {
    description: 'How much earlier it begins, to be ready in time.',
    default: builtInDefaults.lead,
    examples: ['20m'],
  }),
};
