// Makes a backlog policy of what a file says, and the sources that count its queue, so that nobody has
// to write them.

import { selectExpression, selectSignal } from '../core/signal.ts';
import type { BacklogPolicy, SetterTerms } from '../core/policies/policy.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import { quote } from './config-error.ts';
import type { SourceConfig } from './config.ts';
import type { WrittenPolicy } from './file-schema.ts';
import type { PolicyPlace } from './policy-part.ts';
import { queueAllowed } from './source-schema.ts';
import { parseExpression } from './parse-expression.ts';
import { queueSignals } from './queue-signals.ts';
import { readDimensions, resolveSource } from './resolve-sources.ts';
import { requireDuration } from './units.ts';

type WrittenBacklog = Extract<WrittenPolicy, { type?: 'backlog' | undefined }>;

export interface ResolvedBacklog {
  readonly policy: BacklogPolicy;
  readonly sources: readonly SourceConfig[];
}

const builtIn = builtInDefaults.backlog;

/** Null if something was reported, here or before. */
export function resolveBacklog(
  written: WrittenBacklog,
  place: PolicyPlace,
): ResolvedBacklog | null {
  const { promise, target } = written;
  const mode = written.mode ?? builtIn.mode;
  if (target !== undefined && mode === 'promise') {
    const allowed = 'target with mode: recipe or setter';
    const found = `target with mode: ${mode}`;
    place.report({ path: [...place.path, 'target'], isAboutKey: true, found, allowed });
  }
  const setter = resolveSetter(written, mode, place);
  const told = resolveMessageGroups(written, place);
  if (setter === 'reported' || told === 'reported') return null;
  const counted = Object.hasOwn(written, 'counts')
    ? findCounts(written, place)
    : makeCounts(written, place);
  if (counted === null || promise === undefined) return null;
  const messageGroups = told ?? (counted.isFifo ? ({ kind: 'learned' } as const) : null);
  return {
    sources: counted.made,
    policy: {
      type: 'backlog',
      name: written.name ?? `backlog(${counted.name})`,
      mode,
      queueKey: counted.queueKey,
      counts: counted.counts,
      promiseMs: requireDuration(promise),
      firstDurationMs: requireDuration(written.firstDuration ?? builtIn.firstDuration),
      firstLeadMs: requireDuration(written.firstBoot ?? builtIn.firstBoot),
      workersPerInstance: written.workersPerInstance ?? builtIn.workersPerInstance,
      fixedTarget: target ?? null,
      ...(messageGroups !== null && { messageGroups }),
      ...(setter !== null && { setter }),
      staleAfterMs: counted.staleAfterMs,
    },
  };
}

/** How the messages of a policy are counted. */
interface Counted {
  readonly counts: BacklogPolicy['counts'];
  readonly queueKey: string;
  /** For people. */
  readonly name: string;
  readonly staleAfterMs: number;
  /** Whether it is sure that no two messages of a group are worked on at once. */
  readonly isFifo: boolean;
  /** Sources that the file does not have by itself. */
  readonly made: readonly SourceConfig[];
}

/** By sources of SQS that are made for it. Null if something was reported. */
function makeCounts(written: WrittenBacklog, place: PolicyPlace): Counted | null {
  const { queue, queues, region, role, deadLetterQueue } = written;
  if (!Object.hasOwn(written, 'queue') && !Object.hasOwn(written, 'queues')) {
    const allowed = `queue: ${queueAllowed}; queues, or counts of a queue that is not of SQS`;
    place.report({ path: [...place.path, 'queue'], found: 'nothing', allowed });
    return null;
  }
  const every = written.every ?? builtInDefaults.source.every.sqs;
  const named = {
    ...(Object.hasOwn(written, 'queue') && { queue }),
    ...(Object.hasOwn(written, 'queues') && { queues }),
  };
  const common = { type: 'sqs', region, role, every } as const;
  const visible = resolveSource({ ...common, ...named, name: queueSignals.visible }, place);
  if (visible === null) return null;
  const inFlight = resolveSource(
    { ...common, ...named, name: queueSignals.inFlight, attribute: 'in-flight' },
    place,
  );
  const dead =
    deadLetterQueue === undefined
      ? null
      : resolveSource({ ...common, queue: deadLetterQueue, name: queueSignals.dead }, place);
  return {
    counts: { ...queueSignals, dead: dead === null ? null : queueSignals.dead },
    queueKey: JSON.stringify(visible.origin),
    name: nameQueues(visible),
    staleAfterMs: visible.staleAfterMs,
    isFifo:
      visible.origin.type === 'sqs' &&
      visible.origin.queues.every((one) => one.queue.endsWith('.fifo')),
    made: [visible, inFlight, dead].filter((source) => source !== null),
  };
}

/** What a queue of SQS has, and what other sources say of theirs by themselves. */
const queueKeys = ['queue', 'queues', 'deadLetterQueue', 'every', 'region', 'role'] as const;

/** By sources of the group. Null if something was reported. */
function findCounts(
  written: WrittenBacklog,
  { path, report, sources }: PolicyPlace,
): Counted | null {
  const stray = queueKeys.find((key) => Object.hasOwn(written, key));
  if (stray !== undefined) {
    const found = `${stray} beside counts`;
    const allowed = 'a queue of SQS, or counts of another one';
    report({ path: [...path, stray], isAboutKey: true, found, allowed });
  }
  const find = (key: 'visible' | 'inFlight' | 'dead'): SourceConfig | null => {
    const name = written.counts?.[key];
    if (name === undefined) return null;
    const source = sources.find((one) => one.name === name);
    if (source?.measures === 'group') return source;
    const found = source === undefined ? quote(name) : `${quote(name)}, which is of one instance`;
    const listed = sources.map((one) => one.name).join(', ') || 'none is there';
    report({
      path: [...path, 'counts', key],
      found,
      allowed: `a source of the whole group (${listed})`,
    });
    return null;
  };
  const [visible, inFlight, dead] = [find('visible'), find('inFlight'), find('dead')];
  if (visible === null || inFlight === null || stray !== undefined) return null;
  return {
    counts: { visible: visible.name, inFlight: inFlight.name, dead: dead?.name ?? null },
    queueKey: JSON.stringify([visible.origin, inFlight.origin]),
    name: visible.name,
    staleAfterMs: Math.max(visible.staleAfterMs, inFlight.staleAfterMs),
    isFifo: false,
    made: [],
  };
}

function resolveSetter(
  { setter }: WrittenBacklog,
  mode: BacklogPolicy['mode'],
  { path, report }: PolicyPlace,
): SetterTerms | null | 'reported' {
  if (setter === undefined && mode !== 'setter') return null;
  if (setter === undefined || mode !== 'setter') {
    const [found, allowed] =
      mode === 'setter'
        ? ['nothing', 'setter: {policy: …}, which names the AWS policy that is in charge']
        : [`setter with mode: ${mode}`, 'setter with mode: setter'];
    report({ path: [...path, 'setter'], isAboutKey: mode !== 'setter', found, allowed });
    return 'reported';
  }
  const { policy, renewEvery, publishEvery, metric } = setter;
  if (policy === undefined) return 'reported';
  const defaults = builtIn.setter;
  return {
    nativePolicy: policy,
    renewEveryMs: requireDuration(renewEvery ?? defaults.renewEvery),
    publishEveryMs: requireDuration(publishEvery ?? defaults.publishEvery),
    metric: {
      namespace: metric?.namespace ?? defaults.namespace,
      name: metric?.name ?? defaults.metric,
      dimensions: metric?.dimensions === undefined ? null : readDimensions(metric.dimensions),
    },
  };
}

/** Signals are totals: the sum over the instances, or what a source says of the group. */
function resolveMessageGroups(
  { messageGroups: written }: WrittenBacklog,
  { path, report, sources }: PolicyPlace,
): NonNullable<BacklogPolicy['messageGroups']> | null | 'reported' {
  if (written === undefined) return null;
  if (typeof written === 'number') return { kind: 'count', groups: written };
  const parsed = parseExpression(written, (signal) => {
    const source = sources.find(({ name }) => name === signal);
    const statistic = source?.measures === 'instance' ? 'mean' : 'sum';
    return { kind: 'signal', selector: selectSignal(signal, statistic, 1000) };
  });
  if (parsed.ok) return { kind: 'signal', selector: selectExpression(written, parsed.expression) };
  const { offset, found, allowed } = parsed.mistake;
  const excerpt = { text: written, offset };
  report({ path: [...path, 'messageGroups'], found, allowed, excerpt });
  return 'reported';
}

function nameQueues({ origin }: SourceConfig): string {
  if (origin.type !== 'sqs') return '';
  return origin.queues.map(({ queue }) => queue.split('/').at(-1) ?? queue).join(', ');
}
