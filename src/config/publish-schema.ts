// How `publish:` is written: what Foretide tells CloudWatch and EventBridge.

import { builtInDefaults } from './built-in-defaults.ts';
import { duration, mapping, matching, optional, wholeNumber } from './scalars.ts';
import { regionPattern, rolePattern } from './source-schema.ts';

const { publish: defaults } = builtInDefaults;
const metricsMax = 10_000;

const cloudWatch = mapping({
  namespace: optional(
    matching(
      /^(?!AWS\/)[\w./#:-]{1,255}$/,
      'letters, digits and . _ / # : -, not beginning with AWS/',
    ),
    { description: 'The namespace of the metrics.', default: defaults.cloudWatch.namespace },
  ),
  every: optional(duration('1s', '1h'), {
    description: 'How often. Under a minute the storage resolution is one second.',
    default: defaults.cloudWatch.every,
  }),
  metricsMax: optional(wholeNumber(1, metricsMax), {
    description: 'At most so many different metrics: each costs about $0.30 a month.',
    default: defaults.cloudWatch.metricsMax,
  }),
});

const eventBridge = mapping({
  bus: optional(matching(/^[\w./:-]{1,256}$/, 'the name or the ARN of an event bus'), {
    description: 'The event bus.',
    default: defaults.eventBridge.bus,
  }),
});

export const publish = mapping({
  region: optional(matching(regionPattern, 'a region such as eu-west-1'), {
    description: 'Where to. Left out: that of AWS_REGION or the profile.',
    examples: ['eu-west-1'],
  }),
  role: optional(
    matching(rolePattern, 'the ARN of a role, such as arn:aws:iam::123456789012:role/foretide'),
    {
      description: 'The role to assume for it. Left out: none is assumed.',
      examples: ['arn:aws:iam::123456789012:role/foretide'],
    },
  ),
  cloudWatch: optional(cloudWatch, {
    description: 'Sizes, forecasts and readings of every group as metrics. Left out: none.',
  }),
  eventBridge: optional(eventBridge, {
    description: 'Every decision that changes a size, and what came of it. Left out: none.',
  }),
});
