// How signals from elsewhere are written in a configuration file. What they mean is in
// `resolve-sources.ts`.

import { z } from 'zod';

import { isRecord } from '../wire/report.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import {
  controlCharacters,
  duration,
  filePath,
  mapping,
  matching,
  oneOf,
  optional,
  required,
  text,
} from './scalars.ts';

const sourcesMax = 50;
const queuesMax = 20;
const metricsMax = 50;

export const regionPattern = /^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/;
export const rolePattern = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,576}$/;

const builtIn = builtInDefaults.source;
export const factor = (): z.ZodNumber => {
  const error = 'a number above 0, such as 2 or 0.01';
  return z.number({ error }).positive({ error }).max(1e12, { error }).meta({ title: 'number' });
};

const common = {
  name: required(text('a name'), {
    description:
      'The name of the signal, for policies and expressions; units follow from it as from others.',
    examples: ['queue'],
  }),
  every: optional(duration('1s', '1h'), {
    description: `How often it is read. Left out: ${builtIn.every.sqs} for sqs, ${builtIn.every.http} for http and prometheus, ${builtIn.every.cloudwatch} for cloudwatch.`,
  }),
  staleAfter: optional(duration('1s', '1d'), {
    description:
      'A reading older than this is none. Left out: three times `every`, at least 15s; for cloudwatch five periods, at least 5m.',
  }),
  measures: optional(oneOf(['group', 'instance']), {
    description:
      'What the number is about: the whole group, as a total that targets divide, or one instance, as a mean does.',
    default: builtIn.measures,
  }),
  scale: optional(factor(), {
    description: 'What the number read is multiplied with; 0.01 makes a share of a percent.',
    default: builtIn.scale,
  }),
  whenNothing: optional(oneOf(['stale', 'zero']), {
    description:
      'What it means that the source answers and has no number: that nothing is known, so that nothing is removed, or 0.',
    default: builtIn.whenNothing,
  }),
};

const aws = {
  region: optional(matching(regionPattern, 'a region such as eu-west-1'), {
    description: 'Where it is. Left out: the region of the group.',
    examples: ['eu-west-1'],
  }),
  role: optional(
    matching(rolePattern, 'the ARN of a role, such as arn:aws:iam::123456789012:role/foretide'),
    { description: 'The role to assume to read it. Left out: that of the group, if any.' },
  ),
};

export const queueAllowed =
  'the name of a queue (letters, digits, - and _, at most 80, perhaps with .fifo), or its URL';
// Names: SQS API reference, CreateQueue. URLs are looked at in `resolve-sources.ts`.
export const queueName = matching(/^([\w-]{1,80}|[\w-]{1,75}\.fifo|https?:\/\/\S+)$/, queueAllowed);
const queuesAllowed = `a list of 1 to ${queuesMax} mappings with queue`;

/** One queue, or several with weights. */
export const queueChoice = {
  queue: optional(queueName, {
    description: 'The queue, by name or URL.',
    examples: ['jobs'],
  }),
  queues: optional(
    z
      .array(
        mapping({
          queue: required(queueName, { description: 'The queue, by name or URL.' }),
          weight: optional(factor(), {
            description: 'What its messages count for in the sum.',
            default: builtIn.weight,
          }),
        }),
        { error: queuesAllowed },
      )
      .min(1, { error: queuesAllowed })
      .max(queuesMax, { error: queuesAllowed }),
    { description: 'Several queues in place of one, added up.' },
  ),
};

const sqs = mapping({
  type: required(z.literal('sqs'), { description: 'Messages in queues of SQS, asked from SQS.' }),
  ...common,
  ...aws,
  account: optional(matching(/^\d{12}$/, 'an account id of 12 digits, in quotes'), {
    description: 'Whose queues those named are, where they are of another account.',
  }),
  ...queueChoice,
  attribute: optional(oneOf(['visible', 'in-flight', 'delayed', 'unfinished', 'all']), {
    description:
      'Which messages count: `unfinished` are those visible and in flight, `all` delayed ones too.',
    default: builtIn.attribute,
  }),
});

const metricsAllowed = `a list of 1 to ${metricsMax} mappings with id, namespace and metric`;
// Optional, so that one that was found to be wrong can be left out like any other part.
const dimensionValue = z.string({ error: 'text' }).optional();
export const dimensions = z
  .record(z.string(), dimensionValue, {
    error: 'a mapping from names of dimensions to their values',
  })
  .meta({ title: 'mapping of names to values' });
const metric = mapping({
  id: required(
    matching(/^[a-z]\w{0,199}$/, 'a small letter, then letters, digits and _, such as m1'),
    { description: 'How the expression calls it.', examples: ['requests'] },
  ),
  namespace: required(text('a namespace such as AWS/ApplicationELB'), {
    description: 'The namespace of the metric.',
    examples: ['AWS/ApplicationELB'],
  }),
  metric: required(text('the name of a metric'), {
    description: 'The name of the metric.',
    examples: ['RequestCount'],
  }),
  dimensions: optional(dimensions, {
    description: 'All of its dimensions, as CloudWatch shows them.',
    examples: [{ LoadBalancer: 'app/web/50dc6c495c0c9188' }],
  }),
  statistic: optional(
    matching(
      /^(Average|Sum|Minimum|Maximum|SampleCount|IQM|(p|tm|tc|ts|wm)\d{1,2}(\.\d{1,10})?|p100|(TM|TC|TS|WM|PR)\([\d.%:]+\))$/,
      'a statistic of CloudWatch: Average, Sum, Minimum, Maximum, SampleCount, p99, …',
    ),
    { description: 'How the values of a period become one.', default: builtIn.statistic },
  ),
  period: optional(duration('1s', '1d'), {
    description: 'The period of its values: 1s, 5s, 10s, 30s, or whole minutes.',
    default: builtIn.period,
  }),
});

const cloudwatch = mapping({
  type: required(z.literal('cloudwatch'), {
    description: 'Metrics of CloudWatch, by themselves or in metric math.',
  }),
  ...common,
  ...aws,
  metrics: required(
    z
      .array(metric, { error: metricsAllowed })
      .min(1, { error: metricsAllowed })
      .max(metricsMax, { error: metricsAllowed }),
    { description: 'The metrics that are read.' },
  ),
  expression: optional(text('metric math over the ids of the metrics'), {
    description: 'Metric math that comes to one time series. Needed with several metrics.',
    examples: ['requests / 60'],
  }),
});

const http = {
  url: required(
    matching(
      new RegExp(`^https?://[^\\s${controlCharacters}]+$`, 'i'),
      'http:// or https://, and an address',
    ),
    {
      description: 'The address, as this file says it: redirects are not followed.',
      examples: ['https://status.example.com/load.json'],
    },
  ),
  tokenFile: optional(filePath(), {
    description: 'The file with a bearer token to show; read anew each time.',
  }),
  tokenVariable: optional(
    matching(/^[A-Za-z_]\w{0,254}$/, 'the name of a variable of the environment'),
    {
      description: 'The variable of the environment with the token, in place of a file.',
      examples: ['PROMETHEUS_TOKEN'],
    },
  ),
  timeout: optional(duration('100ms', '30s'), {
    description: 'How long the whole answer may take.',
    default: builtIn.timeout,
  }),
};

const prometheus = mapping({
  type: required(z.literal('prometheus'), {
    description: 'An instant query by the HTTP API of Prometheus.',
  }),
  ...common,
  ...http,
  query: required(matching(/\S/, 'PromQL that comes to a scalar or to a vector of one element'), {
    description: 'PromQL that comes to a scalar or to a vector of one element.',
    examples: ['sum(rate(http_requests_total{job="web"}[1m]))'],
  }),
});

export const pointerAllowed =
  'a JSON pointer (RFC 6901): empty, or parts that each begin with /, such as /queues/0/depth';
const httpJson = mapping({
  type: required(z.literal('http'), {
    description: 'A number in the JSON that an address answers with.',
  }),
  ...common,
  ...http,
  pointer: optional(matching(/^(\/([^~]|~[01])*)?$/, pointerAllowed), {
    description: 'Where the number is, as a JSON pointer (RFC 6901). Left out: it is the answer.',
    examples: ['/queues/0/depth'],
  }),
});

const sourceTypes = 'sqs, cloudwatch, prometheus, http';
const source = z.discriminatedUnion('type', [sqs, cloudwatch, prometheus, httpJson] as const, {
  error: ({ input }) => (isRecord(input) ? sourceTypes : `a mapping with type: ${sourceTypes}`),
});

const sourcesAllowed = `a list of at most ${sourcesMax} sources, each with name and type`;

export const sources = z
  .array(source, { error: sourcesAllowed })
  .max(sourcesMax, { error: sourcesAllowed });
