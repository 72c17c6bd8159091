// How a policy of type forecast is written. What it means is in `resolve-forecast-policy.ts`.

import { z } from 'zod';

import { builtInDefaults } from './built-in-defaults.ts';
import { duration, oneOf, optional, quantity, required, wholeNumber } from './scalars.ts';

const forecastModes = ['forecast-only', 'forecast-and-scale'] as const;
const maxBreaches = ['honor-max', 'increase-max'] as const;
const bufferMax = 1000;
/** Its keys, beside those of every policy. */
export const forecastPolicy = {
  type: required(z.literal('forecast'), {
    description: 'Adds ahead of the demand that is forecast; never removes.',
  }),
  mode: optional(oneOf(forecastModes), {
    description: 'Only tell what is forecast, or scale by it.',
    default: builtInDefaults.policy.forecastMode,
  }),
  target: required(quantity(), {
    description:
      'What one instance is to carry, above 0: a share of it where demand is made of `cpu`, else demand.',
    examples: ['60%', 100],
  }),
  lead: optional(duration('0s', '1h'), {
    description: 'So long before it is needed an instance is launched.',
    default: builtInDefaults.policy.forecastLead,
  }),
  maxBreach: optional(oneOf(maxBreaches), {
    description:
      "Where more than `max` is forecast: keep to it, or go beyond. The Auto Scaling group's own maximum holds in any case.",
    default: builtInDefaults.policy.maxBreach,
  }),
  buffer: optional(wholeNumber(0, bufferMax), {
    description: 'With increase-max: percent more than is forecast that the group may grow to.',
    default: builtInDefaults.policy.buffer,
  }),
};
