// How policies are written in a configuration file. What they mean is in `resolve-policies.ts`.

import { z } from 'zod';

import { readKinds, smoothings, statistics } from '../core/signal.ts';
import { isRecord } from '../wire/report.ts';
import { backlogPolicy } from './backlog-schema.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { forecastPolicy } from './forecast-schema.ts';
import { latencyPromise } from './latency-schema.ts';
import {
  controlCharacters,
  duration,
  mapping,
  oneOf,
  optional,
  quantity,
  required,
  share,
  sharePerDirection,
  text,
  wholeNumber,
} from './scalars.ts';
import { sizeMax } from './size-max.ts';
import { timeSpan, timeZone, timeZoneKey } from './time-span-schema.ts';

/** As AWS's limit of step adjustments in a policy. */
const stepsMax = 20;
/** As AWS's limit of policies of a group. */
const policiesMax = 50;
const changeMax = 10_000;

export const signalAllowed =
  'the name of a signal (a letter, then letters, digits, _ . : or -, at most 64 in all), or an expression';
const expressionLengthMax = 1_000;
const expressionForm = new RegExp(`^(?!\\s*$)[^${controlCharacters}]+$`);
// What it means is told with its place in `resolve-signal.ts`.
const signal = z
  .string({ error: signalAllowed })
  .regex(expressionForm, { error: signalAllowed })
  .max(expressionLengthMax, {
    error: `${signalAllowed}, at most ${expressionLengthMax} characters`,
  })
  .meta({ title: 'text' });

const expressionAsked = `an expression over signals, such as connections + 2 * queue, at most ${expressionLengthMax} characters`;
export const expression = z
  .string({ error: expressionAsked })
  .regex(expressionForm, { error: expressionAsked })
  .max(expressionLengthMax, { error: expressionAsked })
  .meta({ title: 'text' });

const permissions = ['allow', 'forbid'] as const;

const everyPolicy = {
  name: optional(text('a name for the policy'), {
    description:
      'How decisions call the policy; different for each policy of a group. Left out: type and signal, as in `target-tracking(cpu)`.',
  }),
  scaleOut: optional(oneOf(permissions), {
    description: 'Whether it may add. Forbidden, it still holds against removing.',
    default: builtInDefaults.policy.scaleOut,
  }),
  scaleIn: optional(oneOf(permissions), {
    description: 'Whether it may remove. Forbidden, it is still a floor under what others remove.',
    default: builtInDefaults.policy.scaleIn,
  }),
  veto: optional(text('a name for the veto group'), {
    description:
      'Puts it in a veto group, by any name: nothing is removed unless all in one recommend fewer instances.',
    examples: ['storage'],
  }),
};

const signalKey = {
  description:
    "What it looks at: one of the agent's signals, one of the application's own, or an expression over several.",
  examples: ['cpu', 'memoryAvailableRatio', '(connections + 2 * queue) / instances'],
};

const reading = {
  statistic: optional(oneOf(statistics), {
    description: 'How the values of the instances become one. In an expression, `sum` if left out.',
    default: builtInDefaults.policy.statistic,
  }),
  window: optional(duration('1s', '1h'), {
    description: 'The time over which the statistic is averaged; 1s takes the newest values.',
    default: builtInDefaults.policy.window,
  }),
  read: optional(oneOf(readKinds), {
    description:
      'Take the value, or by how much it grows in a second: for counters, which only ever rise until they begin anew at 0.',
    default: builtInDefaults.policy.read,
  }),
  smoothing: optional(oneOf(smoothings), {
    description:
      'How the window averages: all of it alike, or what is newer more; with `ewma` the window is the time constant.',
    default: builtInDefaults.policy.smoothing,
  }),
};

const common = { ...everyPolicy, signal: required(signal, signalKey), ...reading };

const targetKey = {
  description:
    'The value to keep, for one instance: above 0, in the unit of the signal. A sum is divided by it.',
  examples: ['60%', 100],
};

const signalsMax = 20;
const signalsAllowed = `a list of 1 to ${signalsMax} mappings with signal and target`;
const trackedSignal = mapping({
  signal: required(signal, signalKey),
  ...reading,
  target: required(quantity(), targetKey),
});

const targetTracking = mapping({
  type: required(z.literal('target-tracking'), {
    description: 'Keeps the signal at a target.',
  }),
  ...everyPolicy,
  signal: optional(signal, signalKey),
  ...reading,
  target: optional(quantity(), targetKey),
  signals: optional(
    z
      .array(trackedSignal, { error: signalsAllowed })
      .min(1, { error: signalsAllowed })
      .max(signalsMax, { error: signalsAllowed }),
    {
      description:
        'Several signals in place of one, each with its target: the one that needs most instances counts.',
    },
  ),
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

const fixed = mapping({
  type: required(z.literal('fixed'), { description: 'Recommends one size.' }),
  ...everyPolicy,
  size: required(wholeNumber(0, sizeMax), {
    description: 'How many instances. Beside other policies a floor under them.',
  }),
});

const windowsMax = 100;
const windowsAllowed = `a list of 1 to ${windowsMax} windows, each with cron or from, and min, max or exact`;
const scheduleWindow = mapping({
  ...timeSpan,
  min: optional(wholeNumber(0, sizeMax), { description: 'At least so many instances.' }),
  max: optional(wholeNumber(0, sizeMax), { description: 'At most so many instances.' }),
  exact: optional(wholeNumber(0, sizeMax), { description: 'Exactly so many instances.' }),
});
const schedule = mapping({
  type: required(z.literal('schedule'), {
    description: 'Bounds the size at certain times, by cron or by date.',
  }),
  ...everyPolicy,
  timeZone: optional(timeZone, timeZoneKey),
  windows: required(
    z
      .array(scheduleWindow, { error: windowsAllowed })
      .min(1, { error: windowsAllowed })
      .max(windowsMax, { error: windowsAllowed }),
    { description: 'The times and their sizes. Of several that hold at once the first counts.' },
  ),
});

const forecast = mapping({ ...forecastPolicy, ...everyPolicy });

const backlog = mapping({ ...backlogPolicy, ...everyPolicy });

const demand = mapping({
  type: required(z.literal('demand'), {
    description:
      'Keeps a promise on unserved demand at the least cost; learns all else from the reports.',
  }),
  ...everyPolicy,
  violations: optional(share(), {
    description: 'The share of the demand that may find no instance; above 0, at most 50%.',
    default: builtInDefaults.policy.violations,
    examples: ['0.1%'],
  }),
  ...latencyPromise,
  forecast: optional(oneOf(['on', 'off']), {
    description: 'Whether the clock of past demand may move launches ahead, while that pays.',
    default: builtInDefaults.policy.forecast,
  }),
  load: optional(signal, {
    description:
      'The work offered to the whole group in a second: a signal, which is summed, or an expression over sums. Left out: the `demand` of the group where it has one that is not made of shares, else `requestsPerSecond` where it is reported, else the source `demand`, else the CPU share of the instances.',
    examples: ['requestsPerSecond', 'reads + 5 * writes'],
  }),
  staleAfter: optional(duration('10s', '1h'), {
    description: 'Without a report for this long it says nothing, and nothing is removed.',
    default: builtInDefaults.policy.staleAfter,
  }),
});

const policyTypes = 'demand, target-tracking, step, threshold, fixed, schedule, forecast, backlog';
const policyKinds = [
  demand,
  targetTracking,
  stepPolicy,
  threshold,
  fixed,
  schedule,
  forecast,
  backlog,
] as const;
const policy = z.discriminatedUnion('type', policyKinds, {
  error: ({ input }) => (isRecord(input) ? policyTypes : `a mapping with type: ${policyTypes}`),
});

const policiesAllowed = `a list of 1 to ${policiesMax} policies`;

export const policies = z
  .array(policy, { error: policiesAllowed })
  .min(1, { error: policiesAllowed })
  .max(policiesMax, { error: policiesAllowed });
