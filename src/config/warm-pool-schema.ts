// How a group's warm pool is written in a configuration file. What it means is in
// `resolve-warm-pool.ts`.

import { warmPoolStates } from '../core/warm-pool/warm-pool.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { mapping, oneOf, optional, required, wholeNumber } from './scalars.ts';
import { sizeMax } from './size-max.ts';

const volumeGbMax = 65_536;

/** What a group and `defaults` have in common. */
export const warmPool = optional(
  mapping({
    state: optional(oneOf(warmPoolStates), {
      description:
        'How instances wait: stopped, hibernated (the template must allow it) or running.',
      default: builtInDefaults.warmPool.state,
    }),
    max: required(wholeNumber(1, sizeMax), {
      description: 'Never more waiting instances. How many it is up to there, the demand says.',
      examples: [10],
    }),
    min: optional(wholeNumber(0, sizeMax), {
      description: 'Never fewer waiting instances, up to what `max` of the group leaves.',
      default: builtInDefaults.warmPool.min,
    }),
    volumeGb: optional(wholeNumber(1, volumeGbMax), {
      description:
        'Volumes of one instance, in GB of gp3: what a stopped or hibernated one costs. Hibernation needs room for the memory as well.',
      default: builtInDefaults.warmPool.volumeGb,
    }),
  }),
  {
    description:
      "Instances that have booted once and wait, as many as are worth it, in the Auto Scaling group's warm pool. Needs a demand policy. Left out: the warm pool, if there is one, is left alone.",
  },
);
