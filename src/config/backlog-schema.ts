// How a backlog policy is written in a configuration file. What it means is in `resolve-backlog.ts`.

import { z } from 'zod';

import { builtInDefaults } from './built-in-defaults.ts';
import {
  duration,
  mapping,
  matching,
  oneOf,
  optional,
  required,
  text,
  wholeNumber,
} from './scalars.ts';
import {
  dimensions,
  factor,
  queueChoice,
  queueName,
  regionPattern,
  rolePattern,
} from './source-schema.ts';

const builtIn = builtInDefaults.backlog;
const workersMax = 256;

const groupsMax = 100_000;
const groupsAllowed = `a whole number from 1 to ${groupsMax}, or an expression over signals`;
function groupCount(): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = groupsAllowed;
  const count = z.number({ error }).int({ error }).min(1, { error }).max(groupsMax, { error });
  const formula = z.string({ error }).min(1, { error }).max(1000, { error });
  return z.union([count, formula], { error }).meta({ title: 'whole number or text' });
}

const countSource = (what: string, example: string) => ({
  description: `The source that counts ${what}.`,
  examples: [example],
});

const counts = mapping({
  visible: required(
    text('the name of a source'),
    countSource(
      'the messages that wait: ready ones of RabbitMQ, the lag of a Redis group',
      'ready',
    ),
  ),
  inFlight: required(
    text('the name of a source'),
    countSource('those that are worked on: unacknowledged, or pending', 'unacked'),
  ),
  dead: optional(
    text('the name of a source'),
    countSource('those that were laid aside: shown, and no more', 'rejected'),
  ),
});

const setterMetric = mapping({
  namespace: optional(
    matching(
      /^(?!AWS\/)[\w./#:-]{1,255}$/,
      'letters, digits and . _ / # : -, not beginning with AWS/',
    ),
    { description: 'The namespace of the metric.', default: builtIn.setter.namespace },
  ),
  name: optional(text('the name of a metric'), {
    description: 'The name of the metric.',
    default: builtIn.setter.metric,
  }),
  dimensions: optional(dimensions, {
    description: 'Its dimensions. Left out: `AutoScalingGroupName`, with the name of the group.',
    examples: [{ Queue: 'jobs' }],
  }),
});

const setter = mapping({
  policy: required(text('the name of a target-tracking policy of the Auto Scaling group'), {
    description: 'The AWS policy that is in charge, by name. It must be there already.',
    examples: ['keep-backlog'],
  }),
  renewEvery: optional(duration('1m', '1h'), {
    description:
      'How often its target is looked at. It is renewed when it is off by more than 5%, a fixed one by anything.',
    default: builtIn.setter.renewEvery,
  }),
  publishEvery: optional(duration('10s', '1h'), {
    description: 'How often the backlog per instance goes to CloudWatch.',
    default: builtIn.setter.publishEvery,
  }),
  metric: optional(setterMetric, {
    description: 'The metric of the backlog per instance, which that policy must follow.',
  }),
});

export const backlogPolicy = {
  type: required(z.literal('backlog'), {
    description: "Keeps a latency promise for an SQS queue's messages.",
  }),
  ...queueChoice,
  counts: optional(counts, {
    description:
      'In place of a queue of SQS: `sources` of the group that count another one, such as of RabbitMQ or Redis.',
  }),
  promise: required(duration('1s', '7d'), {
    description: 'From the sending of a message to its deletion.',
    examples: ['300s'],
  }),
  mode: optional(oneOf(['promise', 'recipe', 'setter']), {
    description:
      '`promise` sizes by what must be begun when; `recipe` by messages per instance, as AWS publishes it; `setter` leaves the size to a target-tracking policy of AWS, and renews its target.',
    default: builtIn.mode,
  }),
  firstDuration: optional(duration('1ms', '12h'), {
    description: 'What a message is believed to take until one has been finished.',
    default: builtIn.firstDuration,
  }),
  firstBoot: optional(duration('1s', '1h'), {
    description: 'What a launch is believed to take until some have come into service.',
    default: builtIn.firstBoot,
  }),
  workersPerInstance: optional(wholeNumber(1, workersMax), {
    description: "How many messages an instance works on at a time: the worker's concurrency.",
    default: builtIn.workersPerInstance,
  }),
  target: optional(factor(), {
    description:
      'With recipe and setter: acceptable messages per instance. Left out: promise / mean duration, as measured, for each message that an instance works on at a time.',
  }),
  setter: optional(setter, {
    description: 'With `mode: setter`, and needed there: which AWS policy is in charge.',
  }),
  messageGroups: optional(groupCount(), {
    description:
      'Of a FIFO queue: how many groups its messages have at most, as a number or as an expression over signals; no more of them are worked on at once. Left out: as far as the workers show it.',
    examples: [8, 'activeTenants'],
  }),
  deadLetterQueue: optional(queueName, {
    description: 'Where messages go that fail for ever: counted, as `queue:dead`, and shown.',
  }),
  every: optional(duration('1s', '1h'), {
    description: 'How often the queue is counted.',
    default: builtInDefaults.source.every.sqs,
  }),
  region: optional(matching(regionPattern, 'a region such as eu-west-1'), {
    description: 'The region of the queue. Left out: that in its URL, or that of the group.',
  }),
  role: optional(
    matching(rolePattern, 'the ARN of a role, such as arn:aws:iam::123456789012:role/foretide'),
    { description: 'The role to assume for the queue. Left out: that of the group.' },
  ),
};
