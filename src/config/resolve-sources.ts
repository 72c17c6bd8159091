// Makes the sources of signals from elsewhere of those in a file: their names are free, their
// addresses allowed, and everything is said that their kind needs.

import { agentSignals, connectionsAgeSignal } from '../wire/signals.ts';
import { isSignalName } from '../wire/report.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { HttpAccess, SourceConfig, SourceOrigin, TokenReference } from './config.ts';
import { quote, type Path, type Report } from './config-error.ts';
import type { WrittenSource } from './file-schema.ts';
import { isQueueSignal } from './queue-signals.ts';
import { findAddressMistake } from './source-address.ts';
import { queueAllowed } from './source-schema.ts';
import { requireDuration } from './units.ts';

type Written<T extends WrittenSource['type']> = Extract<WrittenSource, { type?: T | undefined }>;

interface SourcePlace {
  readonly path: Path;
  readonly report: Report;
}

const builtIn = builtInDefaults.source;
/** Words of expressions, and what Foretide itself records. */
const reservedNames = ['instances', 'min', 'max', 'dollarsPerHour'];

/** Leaves out what was reported, here or before. */
export function resolveSources(
  written: readonly WrittenSource[],
  place: SourcePlace,
): readonly SourceConfig[] {
  const byName = new Map<string, Path>();
  return written.flatMap((source, index) => {
    const path = [...place.path, index];
    const { name } = source;
    if (name !== undefined) {
      const mistake = findNameMistake(name, byName.has(name));
      if (mistake !== null) place.report({ path: [...path, 'name'], ...mistake });
      byName.set(name, path);
    }
    return resolveSource(source, { path, report: place.report }) ?? [];
  });
}

function findNameMistake(
  name: string,
  isTaken: boolean,
): { readonly found: string; readonly allowed: string } | null {
  if (!isSignalName(name)) {
    const allowed = 'a letter, then letters, digits, _ . : or -, at most 64 in all';
    return { found: quote(name), allowed };
  }
  if (isTaken) {
    const found = `a second source called ${quote(name)}`;
    return { found, allowed: 'a different name for each source of a group' };
  }
  if (
    Object.hasOwn(agentSignals, name) ||
    name === connectionsAgeSignal ||
    name.startsWith('connections:')
  ) {
    const found = `${quote(name)}, which the agents measure`;
    return { found, allowed: 'a name that no signal of theirs has' };
  }
  if (reservedNames.includes(name) || isQueueSignal(name)) {
    return { found: `${quote(name)}, which has a meaning already`, allowed: 'another name' };
  }
  return null;
}

/** One source, whatever it is called. */
export function resolveSource(written: WrittenSource, place: SourcePlace): SourceConfig | null {
  const origin = resolveOrigin(written, place);
  const { name, type } = written;
  if (origin === null || name === undefined || type === undefined) return null;
  const everyMs = requireDuration(written.every ?? builtIn.every[type]);
  return {
    name,
    everyMs,
    staleAfterMs:
      written.staleAfter === undefined
        ? findStaleAfter(origin, everyMs)
        : requireDuration(written.staleAfter),
    measures: written.measures ?? builtIn.measures,
    scale: written.scale ?? builtIn.scale,
    isNothingZero: (written.whenNothing ?? builtIn.whenNothing) === 'zero',
    origin,
  };
}

const staleAfterMsMin = 15_000;
const cloudWatchStaleAfterMsMin = 300_000;

/** CloudWatch's values come a period late, and some minutes more. */
function findStaleAfter(origin: SourceOrigin, everyMs: number): number {
  if (origin.type !== 'cloudwatch') return Math.max(staleAfterMsMin, 3 * everyMs);
  const periodMs = Math.max(...origin.metrics.map((metric) => metric.periodMs));
  return Math.max(cloudWatchStaleAfterMsMin, 5 * periodMs, 3 * everyMs + periodMs);
}

function resolveOrigin(written: WrittenSource, place: SourcePlace): SourceOrigin | null {
  switch (written.type) {
    case 'sqs':
      return resolveSqs(written, place);
    case 'cloudwatch':
      return resolveCloudWatch(written, place);
    case 'prometheus': {
      const access = resolveHttpAccess(written, place);
      const { query } = written;
      return access === null || query === undefined
        ? null
        : { type: 'prometheus', ...access, query };
    }
    case 'http': {
      const access = resolveHttpAccess(written, place);
      return access === null ? null : { type: 'http', ...access, pointer: written.pointer ?? '' };
    }
    case undefined:
      return null;
  }
}

const queueUrlPattern =
  /^https?:\/\/(?:sqs\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?|[a-z0-9.:-]+)\/\d{12}\/[\w-]{1,80}(?:\.fifo)?$/;

function resolveSqs(written: Written<'sqs'>, { path, report }: SourcePlace): SourceOrigin | null {
  if (Object.hasOwn(written, 'queue') === Object.hasOwn(written, 'queues')) {
    const found = Object.hasOwn(written, 'queue') ? 'both queue and queues' : 'nothing';
    report({ path: [...path, 'queue'], found, allowed: `queue: ${queueAllowed}; or queues` });
    return null;
  }
  const listed = written.queues ?? [{ queue: written.queue }];
  const regions = new Set<string>();
  const queues = listed.flatMap(({ queue, weight = builtIn.weight }: WrittenQueue, index) => {
    if (queue === undefined) return [];
    const at =
      written.queues === undefined ? [...path, 'queue'] : [...path, 'queues', index, 'queue'];
    if (/^https?:/.test(queue)) {
      const parts = queueUrlPattern.exec(queue);
      const mistake = parts === null ? 'another URL' : findAddressMistake(queue);
      if (mistake !== null) {
        const allowed = 'a URL such as https://sqs.eu-west-1.amazonaws.com/123456789012/jobs';
        report({ path: at, found: mistake, allowed });
      }
      const region = parts?.groups?.['region'];
      if (region !== undefined) regions.add(region);
    }
    return [{ queue, weight }];
  });
  const [regionOfUrls, otherRegion] = regions;
  if (otherRegion !== undefined) {
    const found = `queues of ${[...regions].join(' and ')}`;
    report({
      path: [...path, 'queues'],
      found,
      allowed: 'queues of one region; two sources for two',
    });
  }
  const { region = regionOfUrls ?? null, role = null, account = null } = written;
  if (queues.length < listed.length) return null;
  const count = written.attribute ?? builtIn.attribute;
  return { type: 'sqs', region, roleArn: role, account, queues, count };
}

interface WrittenQueue {
  readonly queue?: string | undefined;
  readonly weight?: number | undefined;
}

function resolveCloudWatch(
  written: Written<'cloudwatch'>,
  { path, report }: SourcePlace,
): SourceOrigin | null {
  const ids = new Set<string>();
  const metrics = (written.metrics ?? []).flatMap((one, index) => {
    const at = [...path, 'metrics', index];
    const { id, namespace, metric } = one;
    if (id === undefined || namespace === undefined || metric === undefined) return [];
    if (ids.has(id)) {
      const found = `a second metric with the id ${quote(id)}`;
      report({ path: [...at, 'id'], found, allowed: 'a different id for each metric' });
    }
    ids.add(id);
    const periodMs = requireDuration(one.period ?? builtIn.period);
    if (!isPeriod(periodMs)) {
      const allowed = '1s, 5s, 10s, 30s, or whole minutes';
      report({ path: [...at, 'period'], found: quote(one.period ?? builtIn.period), allowed });
    }
    const statistic = one.statistic ?? builtIn.statistic;
    const dimensions = readDimensions(one.dimensions);
    return [{ id, namespace, metric, dimensions, statistic, periodMs }];
  });
  if (metrics.length === 0 || metrics.length < (written.metrics?.length ?? 0)) return null;
  const { expression = null, region = null, role = null } = written;
  if (expression === null && metrics.length > 1) {
    const found = `${metrics.length} metrics without an expression`;
    report({ path: [...path, 'expression'], found, allowed: 'metric math that makes one of them' });
  }
  return { type: 'cloudwatch', region, roleArn: role, metrics, expression };
}

/** "1, 5, 10, 30, or any multiple of 60": API reference, MetricStat. */
function isPeriod(periodMs: number): boolean {
  return [1000, 5000, 10_000, 30_000].includes(periodMs) || periodMs % 60_000 === 0;
}

export function readDimensions(
  written: Readonly<Record<string, string | undefined>> | undefined,
): Readonly<Record<string, string>> {
  const dimensions: Record<string, string> = {};
  for (const [name, value] of Object.entries(written ?? {})) {
    if (value !== undefined) dimensions[name] = value;
  }
  return dimensions;
}

function resolveHttpAccess(
  written: Written<'prometheus' | 'http'>,
  { path, report }: SourcePlace,
): HttpAccess | null {
  const { url, timeout = builtIn.timeout } = written;
  const token = resolveToken(written, { path, report });
  if (url === undefined) return null;
  const mistake = findAddressMistake(url, token !== null);
  if (mistake !== null) {
    // Not the address itself, for there may be a password in it.
    const allowed = 'http:// or https:// with a host, no user, and no link-local address';
    report({ path: [...path, 'url'], found: mistake, allowed });
    return null;
  }
  return { url, token, timeoutMs: requireDuration(timeout) };
}

function resolveToken(
  { tokenFile, tokenVariable }: Written<'prometheus' | 'http'>,
  { path, report }: SourcePlace,
): TokenReference | null {
  if (tokenFile !== undefined && tokenVariable !== undefined) {
    const found = 'both tokenFile and tokenVariable';
    report({ path: [...path, 'tokenVariable'], isAboutKey: true, found, allowed: 'one of them' });
  }
  if (tokenFile !== undefined) return { kind: 'file', path: tokenFile };
  return tokenVariable === undefined ? null : { kind: 'variable', name: tokenVariable };
}
