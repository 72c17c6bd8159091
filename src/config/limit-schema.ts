// How the limits on acting are written in a configuration file. What they mean is in
// `resolve-limits.ts`.

import { z } from 'zod';

import { builtInDefaults } from './built-in-defaults.ts';
import {
  dollars,
  duration,
  mapping,
  oneOf,
  optional,
  percent,
  required,
  share,
  text,
  wholeNumber,
} from './scalars.ts';
import { sizeMax } from './size-max.ts';
import { timeSpan, timeZone, timeZoneKey } from './time-span-schema.ts';

const rate = mapping({
  instances: optional(wholeNumber(1, sizeMax), { description: 'So many instances.' }),
  percent: optional(percent(), {
    description: 'So many percent of the size at the start of the period.',
    examples: ['50%'],
  }),
  period: required(duration('1s', '1h'), {
    description: 'The time within which they count.',
    examples: ['1m'],
  }),
});

const freeze = mapping({
  name: required(text('a name for the freeze'), {
    description: 'How decisions call the freeze.',
    examples: ['black friday'],
  }),
  direction: optional(oneOf(['both', 'scale-out', 'scale-in']), {
    description: 'What is not to be done meanwhile; both if left out.',
    default: 'both',
  }),
  timeZone: optional(timeZone, timeZoneKey),
  ...timeSpan,
});

const freezesMax = 100;
const freezesAllowed = `a list of at most ${freezesMax} freezes, each with name, and cron or from`;

/** What a group and `defaults` have in common. */
export const limits = {
  rate: optional(
    mapping({
      scaleOut: optional(rate, {
        description: 'The most that may be added; of instances and percent the larger counts.',
      }),
      scaleIn: optional(rate, {
        description: 'The most that may be removed; of instances and percent the larger counts.',
      }),
    }),
    { description: 'How fast the size may change. Left out, as fast as AWS allows.' },
  ),
  budget: optional(
    mapping({
      perHour: optional(dollars(), {
        description: 'The most that the group may cost in an hour, in dollars.',
      }),
      perMonth: optional(dollars(), {
        description:
          'The most that the group may cost in a calendar month, in dollars, forecast to its end.',
      }),
    }),
    { description: 'Nothing is added that costs more. Left out, money limits nothing.' },
  ),
  pricePerInstanceHour: optional(dollars(), {
    description:
      'What an instance costs an hour, in dollars. Left out: the price of its type, On-Demand in us-east-1, for some types.',
    examples: [0.096],
  }),
  minHealthy: optional(share(), {
    description: 'Scale-in leaves at least this share of the instances healthy, in the worst case.',
    default: builtInDefaults.group.minHealthy,
  }),
  freezes: optional(
    z.array(freeze, { error: freezesAllowed }).max(freezesMax, { error: freezesAllowed }),
    {
      description: 'Times in which the group is not changed: maintenance windows, sales, moves.',
      default: builtInDefaults.group.freezes,
    },
  ),
  busy: optional(
    mapping({
      reaction: optional(oneOf(['drain', 'wait']), {
        description:
          'Tell them to take nothing more and end them when they have nothing in hand, or wait until they have none by themselves.',
        default: builtInDefaults.group.busy.reaction,
      }),
      within: optional(duration('30s', '12h'), {
        description: 'How long one that drains may take before it is ended all the same.',
        default: builtInDefaults.group.busy.within,
      }),
    }),
    {
      description: 'What a scale-in does about workers that say they have work in hand.',
      default: builtInDefaults.group.busy,
    },
  ),
  coexistence: optional(
    mapping({
      reaction: optional(oneOf(['yield', 'warn', 'own']), {
        description: 'Leave it alone for a while, only say so, or take no notice.',
        default: builtInDefaults.group.coexistence.reaction,
      }),
      settle: optional(duration('0s', '1d'), {
        description: 'How long such a change is left alone, or spoken of.',
        default: builtInDefaults.group.coexistence.settle,
      }),
    }),
    {
      description: 'What to do when someone else changes the desired capacity or a bound.',
      default: builtInDefaults.group.coexistence,
    },
  ),
};
