// Makes a backlog policy of what a file says, and the sources that count its queue, so that nobody has
// to write them.

import type { BacklogPolicy, SetterTerms } from '../core/policies/policy.ts';
import { builtInDefaults } from './built-in-defaults.ts';
import type { SourceConfig } from './config.ts';
import type { WrittenPolicy } from './file-schema.ts';
import type { PolicyPlace } from './policy-part.ts';
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
  const { promise, queue, queues, region, role, deadLetterQueue, target } = written;
  const mode = written.mode ?? builtIn.mode;
  if (target !== undefined && mode === 'promise') {
    const allowed = 'target with mode: recipe or setter';
    const found = `target with mode: ${mode}`;
    place.report({ path: [...place.path, 'target'], isAboutKey: true, found, allowed });
  }
  const setter = resolveSetter(written, mode, place);
  if (setter === 'reported') return null;
  const every = written.every ?? builtInDefaults.source.every.sqs;
  const named = {
    ...(Object.hasOwn(written, 'queue') && { queue }),
    ...(Object.hasOwn(written, 'queues') && { queues }),
  };
  const common = { type: 'sqs', region, role, every } as const;
  const visible = resolveSource({ ...common, ...named, name: queueSignals.visible }, place);
  if (visible === null || promise === undefined) return null;
  const inFlight = resolveSource(
    { ...common, ...named, name: queueSignals.inFlight, attribute: 'in-flight' },
    place,
  );
  const dead =
    deadLetterQueue === undefined
      ? null
      : resolveSource({ ...common, queue: deadLetterQueue, name: queueSignals.dead }, place);
  const sources = [visible, inFlight, dead].filter((source) => source !== null);
  const queueKey = JSON.stringify(visible.origin);
  return {
    sources,
    policy: {
      type: 'backlog',
      name: written.name ?? `backlog(${nameQueues(visible)})`,
      mode,
      queueKey,
      counts: { ...queueSignals, dead: dead === null ? null : queueSignals.dead },
      promiseMs: requireDuration(promise),
      firstDurationMs: requireDuration(written.firstDuration ?? builtIn.firstDuration),
      firstLeadMs: requireDuration(written.firstBoot ?? builtIn.firstBoot),
      workersPerInstance: written.workersPerInstance ?? builtIn.workersPerInstance,
      fixedTarget: target ?? null,
      ...(setter !== null && { setter }),
      staleAfterMs: visible.staleAfterMs,
    },
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

function nameQueues({ origin }: SourceConfig): string {
  if (origin.type !== 'sqs') return '';
  return origin.queues.map(({ queue }) => queue.split('/').at(-1) ?? queue).join(', ');
}
