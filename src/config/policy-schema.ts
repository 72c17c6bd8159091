// How policies are written in a configuration file. What they mean is in `resolve-policies.ts`.

import { z } from 'zod';

import { statistics } from '../core/signal.ts';
import { isRecord, isSignalName } from '../wire/report.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import {
  duration,
  mapping,
  oneOf,
  optional,
  quantity,
  required,
  sharePerDirection,
  text,
  wholeNumber,
} from './scalars.ts';

/** As AWS's limit of step adjustments in a policy. */
const stepsMax = 20;
/** As AWS's limit of policies of a group. */
const policiesMax = 50;
const changeMax = 10_000;

const signalAllowed =
  'the name of a signal: a letter, then letters, digits, _ . : or -, at most 64 in all';
const signal = z
  .string({ error: signalAllowed })
  .refine((name) => isSignalName(name), { error: signalAllowed })
  .meta({ title: 'text' });

const common = {
  name: optional(text('a name for the policy'), {
    description:
      'How decisions call the policy; different for each policy of a group. Left out: type and signal, as in `target-tracking(cpu)`.',
  }),
  signal: required(signal, {
    description: "What it looks at: one of the agent's signals or one of the application's own.",
    examples: ['cpu', 'connections', 'memoryAvailableRatio'],
  }),
  statistic: optional(oneOf(statistics), {
    description: 'How the values of the instances become one.',
    default: builtInDefaults.policy.statistic,
  }),
  window: optional(duration('1s', '1h'), {
    description: 'The time over which the statistic is averaged; 1s takes the newest values.',
    default: builtInDefaults.policy.window,
  }),
};

const targetTracking = mapping({
  type: required(z.literal('target-tracking'), {
    description: 'Keeps the signal at a target.',
  }),
  ...common,
  target: required(quantity(), {
    description:
      'The value to keep, for one instance: above 0, in the unit of the signal. A sum is divided by it.',
    examples: ['60%', 100],
  }),
  tolerance: optional(sharePerDirection(), {
    description: 'No change while the signal is within this share of the target.',
    default: builtInDefaults.policy.tolerance,
    examples: ['10%'],
  }),
});

const step = mapping({
  from: optional(quantity(), {
    description: 'Where the step begins; left out, it has no lower end.',
  }),
  to: optional(quantity(), {
    description: 'Where the step ends; left out, it has no upper end.',
  }),
  change: required(quantity(), {
    description:
      'Instances to add (or remove, if negative), percent of the present ones, or the exact size: see `adjustment`.',
    examples: [2, -1, '20%'],
  }),
});

export const stepAdjustments = [
  'change-in-capacity',
  'percent-change-in-capacity',
  'exact-capacity',
] as const;

const stepsAllowed = 'a list of 1 to 20 steps, each with from, to or both, and change';
const stepPolicy = mapping({
  type: required(z.literal('step'), {
    description: 'Adds or removes by the step in which the signal lies.',
  }),
  ...common,
  adjustment: optional(oneOf(stepAdjustments), {
    description: 'What `change` counts.',
    default: builtInDefaults.policy.adjustment,
  }),
  steps: required(
    z
      .array(step, { error: stepsAllowed })
      .min(1, { error: stepsAllowed })
      .max(stepsMax, { error: stepsAllowed }),
    { description: 'Steps that do not overlap.' },
  ),
  minAdjustment: optional(wholeNumber(1, changeMax), {
    description: 'The least change in instances; with percent-change-in-capacity only.',
    default: builtInDefaults.policy.minAdjustment,
  }),
});

const threshold = mapping({
  type: required(z.literal('threshold'), {
    description: 'Adds at or above one value of the signal, removes at or below another.',
  }),
  ...common,
  scaleOutAbove: required(quantity(), {
    description: 'Adds instances from this value on.',
    examples: ['70%'],
  }),
  scaleInBelow: required(quantity(), {
    description: 'Removes instances at this value and below; less than `scaleOutAbove`.',
    examples: ['30%'],
  }),
  change: optional(wholeNumber(1, changeMax), {
    description: 'How many instances at a time.',
    default: builtInDefaults.policy.change,
  }),
});

const policyTypes = 'target-tracking, step, threshold';
const policy = z.discriminatedUnion('type', [targetTracking, stepPolicy, threshold], {
  error: ({ input }) => (isRecord(input) ? policyTypes : `a mapping with type: ${policyTypes}`),
});

const policiesAllowed = `a list of 1 to ${policiesMax} policies`;

export const policies = z
  .array(policy, { error: policiesAllowed })
  .min(1, { error: policiesAllowed })
  .max(policiesMax, { error: policiesAllowed });
