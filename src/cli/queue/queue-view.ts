// What `foretide queue watch` shows of a queue, worked out from what was measured. Pure.

import type { QueueCounts } from './open-queue.ts';
import { formatTable } from '../table.ts';

/** Where the mean duration comes from. */
export type MeanSource = 'option' | 'controller' | 'cloudwatch';

export interface Measured extends QueueCounts {
  readonly queue: string;
  readonly oldestSeconds: number | null;
  /** Mean processing duration; null where nobody tells. > 0. */
  readonly meanSeconds: number | null;
  readonly meanFrom: MeanSource | null;
  /** Instances in service; null where no group was named. */
  readonly inService: number | null;
}

export interface QueueTerms {
  readonly promiseSeconds: number;
  readonly workersPerInstance: number;
}

export interface QueueView extends Measured {
  readonly promiseSeconds: number;
  /** Visible messages per instance; null without an instance. */
  readonly backlogPerInstance: number | null;
  /** Promise / mean duration, times the workers of an instance. */
  readonly acceptableBacklog: number | null;
  /** If nothing more comes and nothing is launched; null where no instance works. */
  readonly emptyInSeconds: number | null;
}

/**
 * `acceptableBacklog` is the recipe's "acceptable latency / average processing time" (Amazon EC2 Auto
 * Scaling user guide, "Scaling policy based on Amazon SQS"). The time to empty counts messages in
 * flight as half done: 50 visible and 4 in flight of 25 s over 4 workers are 52 · 25 / 4 = 325 s.
 */
export function viewQueue(measured: Measured, terms: QueueTerms): QueueView {
  const { visible, inFlight, delayed, inService, meanSeconds } = measured;
  const { promiseSeconds, workersPerInstance } = terms;
  const workers = (inService ?? 0) * workersPerInstance;
  const left = visible + delayed + inFlight / 2;
  const emptySeconds = workers > 0 && meanSeconds !== null ? (left * meanSeconds) / workers : null;
  return {
    ...measured,
    promiseSeconds,
    backlogPerInstance: inService === null || inService === 0 ? null : visible / inService,
    acceptableBacklog:
      meanSeconds === null ? null : (promiseSeconds / meanSeconds) * workersPerInstance,
    emptyInSeconds: left === 0 ? 0 : emptySeconds,
  };
}

const sources: Readonly<Record<MeanSource, string>> = {
  option: 'as given',
  controller: 'of the reports to the controller',
  cloudwatch: 'of CloudWatch',
};

/** A table of two columns; what is not known says how to learn it. */
export function describeQueue(view: QueueView): string {
  const { meanSeconds, meanFrom, backlogPerInstance, acceptableBacklog, emptyInSeconds } = view;
  const rows = [
    [view.queue, ''],
    ['visible', String(view.visible)],
    ['in flight', String(view.inFlight)],
    ...(view.delayed > 0 ? [['delayed', String(view.delayed)]] : []),
    ...(view.dead === null ? [] : [['laid aside', String(view.dead)]]),
    ['oldest', view.oldestSeconds === null ? 'CloudWatch does not tell' : say(view.oldestSeconds)],
    [
      'mean duration',
      meanSeconds === null || meanFrom === null
        ? 'unknown: --duration, --group or workers with cloudWatch tell it'
        : `${say(meanSeconds)}, ${sources[meanFrom]}`,
    ],
    [
      'in service',
      view.inService === null ? 'unknown: --asg or --group names one' : view.inService,
    ],
    ['per instance', describeBacklog(backlogPerInstance, acceptableBacklog, view.promiseSeconds)],
    ['empty in', emptyInSeconds === null ? 'unknown' : `${say(emptyInSeconds)}, if no more come`],
  ];
  return `${formatTable(rows.map((row) => row.map(String)))}\n`;
}

function describeBacklog(
  backlog: number | null,
  acceptable: number | null,
  promiseSeconds: number,
): string {
  const have = backlog === null ? 'no instance' : sayNumber(backlog);
  if (acceptable === null) return have;
  const isOver = backlog !== null && backlog > acceptable;
  const limit = `${sayNumber(acceptable)} are acceptable for ${say(promiseSeconds)}`;
  return `${have}${isOver ? ', too many' : ''}; ${limit}`;
}

function sayNumber(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function say(seconds: number): string {
  if (seconds < 120) return `${sayNumber(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
