// How a backlog policy is written in a configuration file. What it means is in `resolve-backlog.ts`.

import { z } from 'zod';

import { builtInDefaults } from './built-in-defaults.ts';
import { duration, matching, oneOf, optional, required, wholeNumber } from './scalars.ts';
import { factor, queueChoice, queueName, regionPattern, rolePattern } from './source-schema.ts';

const builtIn = builtInDefaults.backlog;
const workersMax = 256;

export const backlogPolicy = {
  type: required(z.literal('backlog'), {
    description: "Keeps a latency promise for an SQS queue's messages.",
  }),
  ...queueChoice,
  promise: required(duration('1s', '7d'), {
    description: 'From the sending of a message to its deletion.',
    examples: ['300s'],
  }),
  mode: optional(oneOf(['promise', 'recipe']), {
    description:
      '`promise` sizes by what must be begun when; `recipe` by messages per instance, as AWS publishes it.',
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
      'Of the recipe: acceptable messages per instance. Left out: promise / mean duration, as measured.',
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
