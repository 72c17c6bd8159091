// How `foretide.yaml` is written: every key, its kind and its description. The editor's JSON Schema
// and the reference in docs/config.md are made from this; what it means is in the `resolve-…` files.

import { z } from 'zod';

import { modes } from '../core/group.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { discover } from './discover-schema.ts';
import { limits } from './limit-schema.ts';
import { expression, policies } from './policy-schema.ts';
import { publish } from './publish-schema.ts';
import {
  controlCharacters,
  duration,
  durationPerDirection,
  filePath,
  hostPort,
  mapping,
  matching,
  oneOf,
  optional,
  required,
  share,
  text,
  wholeNumber,
} from './scalars.ts';
import { sizeMax } from './size-max.ts';
import { regionPattern, rolePattern, sources } from './source-schema.ts';
import { warmPool } from './warm-pool-schema.ts';

const groupsMax = 10_000;
const loadTopicsMax = 1_000;

const tls = mapping({
  cert: optional(filePath(), {
    description: 'Certificate with its chain, PEM. Needed to listen.',
  }),
  key: optional(filePath(), { description: 'Private key of the certificate, PEM.' }),
  ca: optional(filePath(), {
    description:
      'Authorities, PEM: listening, of the clients, which then need a certificate; else of the broker.',
  }),
});

const broker = mapping({
  listen: optional(hostPort(), {
    description:
      'Where the embedded broker listens. Off loopback only together with tls and credentials.',
    default: builtInDefaults.broker.listen,
  }),
  url: optional(
    matching(/^mqtts?:\/\/\S+$/, 'an address such as mqtts://broker.example.com:8883'),
    {
      description: 'An outside broker, in place of the embedded one: mqtt:// or mqtts://.',
      examples: ['mqtts://broker.example.com:8883'],
    },
  ),
  tls: optional(tls, {
    description: 'Certificates, to listen with TLS or to meet an mqtts:// broker.',
  }),
  credentials: optional(filePath(), {
    description: 'The file that says who may log in to the embedded broker.',
  }),
  username: optional(text('a user name'), {
    description: 'The name to log in to an outside broker with.',
  }),
  passwordFile: optional(filePath(), { description: 'The file with the password for it.' }),
});

const apiTls = mapping({
  certificate: optional(filePath(), { description: 'Certificate with its chain, PEM.' }),
  key: optional(filePath(), { description: 'Private key of the certificate, PEM.' }),
});

const apiToken = mapping({
  name: required(matching(/^[\w.@-]{1,64}$/, 'a name of up to 64 letters, digits and . _ @ -'), {
    description: 'Who it is for: stands in the audit and in every change.',
  }),
  role: required(oneOf(['viewer', 'operator']), {
    description: 'A viewer reads; an operator also acts.',
  }),
  hash: required(
    matching(
      /^sha256:[0-9a-f]{64}$/,
      'sha256: and 64 hexadecimal digits, as `foretide token` prints',
    ),
    { description: 'The SHA-256 of the token. `foretide token` prints this line.' },
  ),
});

const tokensMax = 1000;
const tokensAllowed = `a list of at most ${tokensMax} mappings with name, role and hash`;

const api = mapping({
  listen: optional(hostPort(), {
    description:
      'Where the page and the HTTP API listen. Off loopback only together with tls and tokens.',
    default: builtInDefaults.api.listen,
  }),
  tls: optional(apiTls, { description: 'To serve HTTPS.' }),
  tokens: optional(
    z.array(apiToken, { error: tokensAllowed }).max(tokensMax, { error: tokensAllowed }),
    {
      description:
        'Who may read and act over TCP. Without any, anybody on this machine may read and nobody may act.',
    },
  ),
});

const store = mapping({
  path: optional(filePath(), {
    description: 'The file with the journal, the history of demand and the overrides.',
    default: builtInDefaults.store.path,
  }),
  onCorrupt: optional(oneOf(['refuse', 'set-aside']), {
    description:
      'What to do with a damaged store: leave it alone and go on without (scale-in then holds), or rename it and begin a new one.',
    default: builtInDefaults.store.onCorrupt,
  }),
});

const groupName = text('a name');
// AWS forbids the colon in names of groups.
const autoScalingGroup = matching(
  new RegExp(`^[^${controlCharacters}:]{1,255}$`),
  'the name of an Auto Scaling group: up to 255 characters, no colon',
);

const loadTopic = mapping({
  topic: required(
    matching(
      new RegExp(`^[^${controlCharacters}#+$][^${controlCharacters}#+]{0,254}$`),
      'an MQTT topic without wildcards (+ and #)',
    ),
    {
      description: 'The topic of lines such as `37.5,100`: CPU percent, connections.',
      examples: ['ec2/load'],
    },
  ),
  group: required(groupName, { description: 'The `name` of the group that the lines are about.' }),
});

const forecast = mapping({
  signal: optional(
    matching(/^[A-Za-z][A-Za-z0-9_.:-]{0,63}$/, 'the name of a signal or of a source'),
    {
      description:
        "A source of the group, as it is, or a signal of its instances, summed over them. Left out: `demand` where there is one, by expression or source, else the instances' `cpu`.",
      examples: ['requestsPerSecond'],
    },
  ),
});

/** What a group and `defaults` have in common. */
const settings = {
  region: optional(matching(regionPattern, 'a region such as eu-west-1'), {
    description:
      'The region of the Auto Scaling group. Left out: that of AWS_REGION or the profile.',
    examples: ['eu-west-1'],
  }),
  role: optional(
    matching(rolePattern, 'the ARN of a role, such as arn:aws:iam::123456789012:role/foretide'),
    {
      description: 'The role to assume for this group. Left out: none is assumed.',
      examples: ['arn:aws:iam::123456789012:role/foretide'],
    },
  ),
  min: optional(wholeNumber(0, sizeMax), {
    description: "Never fewer instances. The tighter of this and the group's own minimum holds.",
    default: builtInDefaults.group.min,
  }),
  max: optional(wholeNumber(0, sizeMax), {
    description:
      "Never more instances. The tighter of this and the group's own maximum holds. Required, here or in defaults.",
  }),
  mode: optional(oneOf(modes), {
    description:
      'How far it may act: record signals only, decide without acting, never remove (but down to max), or all.',
    default: builtInDefaults.group.mode,
  }),
  warmup: optional(duration('0s', '1d'), {
    description: 'An instance counts when it has been in service for this long.',
    default: builtInDefaults.group.warmup,
  }),
  cooldown: optional(durationPerDirection('0s', '1d'), {
    description:
      'How long after an accepted change the next one in that direction waits. One duration is for both. Where every policy is a demand policy: 0s.',
    default: builtInDefaults.group.cooldown,
  }),
  stabilization: optional(durationPerDirection('0s', '1d'), {
    description:
      'Scale-in takes the largest size recommended within this time, scale-out the smallest. One duration is for scale-in. Where every policy is a demand policy: 0s.',
    default: builtInDefaults.group.stabilization,
  }),
  staleAfter: optional(duration('1s', '1h'), {
    description: 'An instance that has not reported for this long is silent.',
    default: builtInDefaults.group.staleAfter,
  }),
  minReportingRatio: optional(share(), {
    description: 'Scale-in needs reports from at least this share of the warmed instances.',
    default: builtInDefaults.group.minReportingRatio,
  }),
  honorCooldown: optional(z.boolean({ error: 'true or false' }), {
    description: "Whether AWS is to refuse changes during the group's own cooldown.",
    default: builtInDefaults.group.honorCooldown,
  }),
  ...limits,
  warmPool,
  sources: optional(sources, {
    description:
      'Signals that are measured elsewhere: queues, CloudWatch, Prometheus, HTTP endpoints.',
    default: builtInDefaults.group.sources,
  }),
  demand: optional(expression, {
    description:
      'All the work that is offered, served or not: an expression over signals, each in whole. Policies look at it as `demand`, of one instance; it is kept in the history and forecast.',
    examples: ['connections + 2 * queue'],
  }),
  forecast: optional(forecast, {
    description: 'What the demand is made of that forecasts are of.',
  }),
  policies: optional(policies, {
    description:
      'What recommends sizes; the largest recommended size wins. Left out: a demand policy, which needs no target.',
    default: builtInDefaults.group.policies,
  }),
};

const group = mapping({
  name: optional(groupName, {
    description:
      'How Foretide calls the group, also in topics. Left out: `autoScalingGroup`, which is then required.',
  }),
  autoScalingGroup: optional(autoScalingGroup, {
    description: 'The name of the Auto Scaling group. Left out: `name`, which is then required.',
  }),
  ...settings,
});

export const groupsAllowed = `a list of 1 to ${groupsMax} groups`;
const loadTopicsAllowed = `a list of at most ${loadTopicsMax} mappings with topic and group`;

export const fileSchema = mapping({
  broker: optional(broker, {
    description: 'The MQTT broker: embedded (`listen`) or an outside one (`url`).',
  }),
  api: optional(api, { description: 'The HTTP API.' }),
  store: optional(store, { description: 'What outlives the process.' }),
  publish: optional(publish, {
    description: 'What CloudWatch and EventBridge are told. Left out: nothing.',
  }),
  loadTopics: optional(
    z.array(loadTopic, { error: loadTopicsAllowed }).max(loadTopicsMax, {
      error: loadTopicsAllowed,
    }),
    {
      description:
        'Topics that carry plain load lines, from clients that know nothing of Foretide.',
      default: [],
    },
  ),
  defaults: optional(mapping(settings), {
    description:
      'Settings for every group that does not say otherwise; a key of a group replaces the one here whole.',
  }),
  discover: optional(discover, {
    description:
      'Searches for groups by their tags, each minute; `defaults` hold for what they find.',
  }),
  groups: optional(
    z.array(group, { error: groupsAllowed }).min(1, { error: groupsAllowed }).max(groupsMax, {
      error: groupsAllowed,
    }),
    { description: 'The groups to scale. Required unless there is `discover`.' },
  ),
}).meta({
  title: 'Foretide configuration',
  description: 'Groups to scale, how, and where to listen.',
});

/** The file as it is written, where any part may be missing because it was found to be wrong. */
export const partialFileSchema = z.deepPartial(fileSchema);

export type WrittenFile = z.infer<typeof partialFileSchema>;
export type WrittenGroup = NonNullable<WrittenFile['groups']>[number];
export type WrittenSettings = NonNullable<WrittenFile['defaults']>;
export type WrittenBroker = NonNullable<WrittenFile['broker']>;
export type WrittenPolicy = NonNullable<WrittenSettings['policies']>[number];
export type WrittenSource = NonNullable<WrittenSettings['sources']>[number];
export type WrittenFreeze = NonNullable<WrittenSettings['freezes']>[number];
export type WrittenWindow = NonNullable<
  Extract<WrittenPolicy, { windows?: unknown }>['windows']
>[number];
export type WrittenStep = NonNullable<Extract<WrittenPolicy, { steps?: unknown }>['steps']>[number];
