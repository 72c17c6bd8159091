// How a policy of type demand promises a latency. What it means is in `resolve-demand.ts`.

import { builtInDefaults } from './built-in-defaults.ts';
import { duration, oneOf, optional, text } from './scalars.ts';

const percentiles = ['p95', 'p99'] as const;

/** In place of a share. */
export const latencyPromise = {
  latency: optional(duration('1ms', '1h'), {
    description:
      'In place of `violations`: how long a request may take, waiting included. Needs a service time.',
    examples: ['200ms'],
  }),
  percentile: optional(oneOf(percentiles), {
    description: 'With `latency`: of how many requests.',
    default: builtInDefaults.policy.percentile,
  }),
  serviceTime: optional(text('a duration such as 20ms, or the name of a signal in milliseconds'), {
    description:
      'With `latency`: how long a request is served in the mean, waiting left out. A duration, or a signal in milliseconds.',
    default: builtInDefaults.policy.serviceTime,
    examples: ['20ms', 'renderMs'],
  }),
};
