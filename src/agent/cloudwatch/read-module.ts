// Reads the configuration module of the agent that this one replaces: `module.exports = { metrics,
// interval, namespace, credentials }`. It is a program, so it is run only where nobody else can have
// written it. Every mistake is one line.

import { lstatSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { isRecord } from '../../wire/report.ts';
import { describeError } from '../describe-error.ts';
import type { PublishedMetric, Publishing, StaticCredentials } from './publishing.ts';

export type ModuleOutcome =
  | { readonly ok: true; readonly publishing: Publishing; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

const intervalSecondsMax = 86_400;
const dimensionsMax = 30;
/** Writable by the group or by others. */
const othersMayWrite = 0o022;
const bytesPerMegabyte = 1024 * 1024;

/** `StandardUnit` of CloudWatch's API. */
const units = [
  'Seconds',
  'Microseconds',
  'Milliseconds',
  ...['', '/Second'].flatMap((rate) =>
    ['Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits']
      .concat('Gigabits', 'Terabits', 'Count')
      .map((unit) => unit + rate),
  ),
  'Percent',
  'None',
];

const known = {
  socketsUsed: { signal: 'socketsUsed', name: 'Sockets Used', unit: 'Count', divisor: 1 },
  memoryAvailable: {
    signal: 'memoryAvailableBytes',
    name: 'Memory Available',
    unit: 'Megabytes',
    divisor: bytesPerMegabyte,
  },
} as const satisfies Record<string, PublishedMetric>;

export function readModule(file: string): ModuleOutcome {
  const path = resolve(file);
  try {
    const unsafe = findUnsafe(path);
    if (unsafe !== null) return { ok: false, message: unsafe };
    const exported: unknown = createRequire(path)(path);
    return readConfig(exported, file);
  } catch (error) {
    return { ok: false, message: `${file} cannot be read: ${describeError(error)}` };
  }
}

/** Why the file must not be run as this user, or null. The folder counts: it can have files replaced. */
function findUnsafe(path: string): string | null {
  const self = process.geteuid?.() ?? 0;
  for (const one of [path, dirname(path)]) {
    const { mode, uid } = one === path ? statSync(one) : lstatSync(one);
    // A sticky folder, as /tmp is, lets nobody replace what is not theirs.
    const isSticky = one !== path && (mode & 0o1000) !== 0;
    if ((mode & othersMayWrite) !== 0 && !isSticky) {
      return `${one} can be written by others, and it would be run: chmod go-w ${one}`;
    }
    if (uid !== 0 && uid !== self) {
      return `${one} belongs to another user (uid ${uid}), and it would be run: chown it to root`;
    }
  }
  return null;
}

/** What the module exports, as settings. Exported for its tests. */
export function readConfig(exported: unknown, file: string): ModuleOutcome {
  const problems: string[] = [];
  const notes: string[] = [];
  const complain = (where: string, found: unknown, allowed: string): null => {
    problems.push(`${file}: ${where} is ${show(found)}: ${allowed}`);
    return null;
  };
  if (!isRecord(exported)) {
    const allowed = 'module.exports = { metrics, interval, namespace }';
    return { ok: false, message: `${file} exports ${show(exported)}: ${allowed}` };
  }
  const { interval = 60, namespace, metrics, credentials, dimensions = {} } = exported;
  const isInterval =
    typeof interval === 'number' && interval >= 1 && interval <= intervalSecondsMax;
  if (!isInterval || !Number.isInteger(interval)) {
    complain('interval', interval, `whole seconds from 1 to ${intervalSecondsMax}`);
  }
  const isNamespace = typeof namespace === 'string' && /^[\w./#:-]{1,255}$/.test(namespace);
  if (!isNamespace || namespace.startsWith('AWS/')) {
    complain('namespace', namespace, '1 to 255 of letters, digits and . _ / # : -, not AWS/…');
  }
  const published = readMetrics(metrics, complain);
  const access = readCredentials(credentials, complain);
  if (access.keys !== null) {
    notes.push(`${file} holds a secret key: the role of the instance is taken where there is one`);
  }
  const tags = readDimensions(dimensions, complain);
  const [problem] = problems;
  if (problem !== undefined) return { ok: false, message: problem };
  const publishing: Publishing = {
    namespace: String(namespace),
    metrics: published,
    intervalMs: Number(interval) * 1000,
    dimensions: tags,
    region: access.region,
    credentials: access.keys,
  };
  return { ok: true, publishing, notes };
}

type Complain = (where: string, found: unknown, allowed: string) => null;

function readMetrics(metrics: unknown, complain: Complain): readonly PublishedMetric[] {
  if (!isRecord(metrics)) {
    complain('metrics', metrics, '{ socketsUsed, memoryAvailable }');
    return [];
  }
  const published: PublishedMetric[] = [];
  for (const [key, asked] of Object.entries(metrics)) {
    const standard = Object.entries(known).find(([name]) => name === key)?.[1];
    if (standard === undefined) {
      complain(`metrics.${key}`, asked, `only ${Object.keys(known).join(' and ')} are published`);
      continue;
    }
    if (!isRecord(asked)) {
      complain(`metrics.${key}`, asked, '{ enabled, unit, name }');
      continue;
    }
    const { enabled = true, name = standard.name, unit = standard.unit } = asked;
    if (typeof enabled !== 'boolean') complain(`metrics.${key}.enabled`, enabled, 'true or false');
    if (typeof name !== 'string' || name === '' || name.length > 255) {
      complain(`metrics.${key}.name`, name, 'a text of 1 to 255 characters');
    }
    if (!units.includes(String(unit))) {
      complain(`metrics.${key}.unit`, unit, `one of ${units.slice(-8).join(', ')} and the like`);
    }
    if (enabled === true) published.push({ ...standard, name: String(name), unit: String(unit) });
  }
  if (published.length === 0) complain('metrics', metrics, 'at least one is to be enabled');
  return published;
}

interface Access {
  readonly region: string | null;
  readonly keys: StaticCredentials | null;
}

function readCredentials(credentials: unknown, complain: Complain): Access {
  if (credentials === undefined) return { region: null, keys: null };
  if (!isRecord(credentials)) {
    complain('credentials', typeof credentials, '{ region, accessKeyId, secretAccessKey }');
    return { region: null, keys: null };
  }
  const { region, accessKeyId, secretAccessKey } = credentials;
  if (region !== undefined && (typeof region !== 'string' || !/^[a-z0-9-]{1,64}$/.test(region))) {
    complain('credentials.region', region, 'a region, such as eu-west-1');
  }
  const has = [accessKeyId, secretAccessKey].filter((key) => key !== undefined && key !== '');
  // What was found is not shown: it may be the secret.
  if (has.length === 1) complain('credentials', 'half a key', 'both keys, or neither');
  if (has.some((key) => typeof key !== 'string')) complain('credentials', 'no text', 'texts');
  const isWhole = has.length === 2;
  return {
    region: typeof region === 'string' ? region : null,
    keys: isWhole
      ? { accessKeyId: String(accessKeyId), secretAccessKey: String(secretAccessKey) }
      : null,
  };
}

function readDimensions(dimensions: unknown, complain: Complain): Readonly<Record<string, string>> {
  const entries = isRecord(dimensions) ? Object.entries(dimensions) : null;
  const isFit = entries?.every(([name, value]) => name !== '' && typeof value === 'string');
  if (entries === null || isFit !== true || entries.length > dimensionsMax) {
    complain('dimensions', dimensions, `up to ${dimensionsMax} names with texts`);
    return {};
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

const shownMax = 80;

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= shownMax ? text : `${text.slice(0, shownMax)}…`;
}
