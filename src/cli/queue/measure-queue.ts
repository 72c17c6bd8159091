// Asks everyone who knows something about a queue: SQS for its counts, CloudWatch for the oldest
// message and the mean duration, Auto Scaling or a controller for the instances.

import { createClient } from '../../api/client.ts';
import { seeGroup } from '../../deploy/group-by-hand.ts';
import type { Reason } from '../../core/reason.ts';
import { StartError } from '../start-error.ts';
import { countQueue, explaining, type OpenQueue } from './open-queue.ts';
import type { Measured } from './queue-view.ts';

export interface MeasuringOptions {
  /** What a message takes, where it is known. */
  readonly durationMs: number | null;
  /** The Auto Scaling group that works the queue off. */
  readonly asg: string | null;
  /** The group of a controller, which knows the mean duration of its workers' reports. */
  readonly group: string | null;
  readonly socketPath: string;
  /** Where workers publish `MPD`. */
  readonly namespace: string;
}

type Workers = Pick<Measured, 'meanSeconds' | 'meanFrom' | 'inService'>;

export async function measureQueue(queue: OpenQueue, options: MeasuringOptions): Promise<Measured> {
  const [counts, metrics, reported, inService] = await Promise.all([
    countQueue(queue),
    readMetrics(queue, options.namespace),
    options.group === null ? null : askController(options.group, options.socketPath),
    options.asg === null ? null : countInService(queue, options.asg),
  ]);
  return {
    queue: queue.name,
    ...counts,
    oldestSeconds: metrics.oldestSeconds,
    ...chooseMean(options.durationMs, reported?.meanSeconds ?? null, metrics.meanSeconds),
    inService: inService ?? reported?.inService ?? null,
  };
}

/** What was said by hand goes before what was measured, and the newest measurement before means. */
function chooseMean(
  givenMs: number | null,
  reportedSeconds: number | null,
  publishedSeconds: number | null,
): Pick<Workers, 'meanSeconds' | 'meanFrom'> {
  if (givenMs !== null) return { meanSeconds: givenMs / 1000, meanFrom: 'option' };
  if (reportedSeconds !== null) return { meanSeconds: reportedSeconds, meanFrom: 'controller' };
  const meanFrom = publishedSeconds === null ? null : 'cloudwatch';
  return { meanSeconds: publishedSeconds, meanFrom };
}

const pastMs = 15 * 60_000;
/** A local cloud that runs faster is ahead of this machine's clock. */
const aheadMs = 12 * 3_600_000;
const periodSeconds = 60;

interface QueueMetrics {
  readonly oldestSeconds: number | null;
  readonly meanSeconds: number | null;
}

async function readMetrics(
  { name, settings }: OpenQueue,
  namespace: string,
): Promise<QueueMetrics> {
  const { CloudWatchClient, GetMetricStatisticsCommand } =
    await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient(settings);
  const read = async (Namespace: string, MetricName: string, statistic: 'Average' | 'Maximum') => {
    const { Datapoints: points = [] } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: [{ Name: 'QueueName', Value: name }],
        StartTime: new Date(Date.now() - pastMs),
        EndTime: new Date(Date.now() + aheadMs),
        Period: periodSeconds,
        Statistics: [statistic],
      }),
    );
    const at = (point: (typeof points)[number]): number => point.Timestamp?.getTime() ?? 0;
    return points.toSorted((one, other) => at(one) - at(other)).at(-1)?.[statistic] ?? null;
  };
  try {
    return await explaining(name, async () => ({
      oldestSeconds: await read('AWS/SQS', 'ApproximateAgeOfOldestMessage', 'Maximum'),
      meanSeconds: await read(namespace, 'MPD', 'Average'),
    }));
  } catch (error) {
    // The counts are worth showing to those who may read SQS and not CloudWatch.
    if (error instanceof StartError) return { oldestSeconds: null, meanSeconds: null };
    throw error;
  } finally {
    client.destroy();
  }
}

async function countInService({ name, settings }: OpenQueue, asg: string): Promise<number> {
  const group = await explaining(name, () => seeGroup(settings, asg));
  return group.instances.filter(({ lifecycleState }) => lifecycleState === 'InService').length;
}

type Reported = Pick<Workers, 'meanSeconds' | 'inService'>;

async function askController(group: string, socketPath: string): Promise<Reported> {
  const client = createClient({ socketPath });
  const [told, detail] = await Promise.all([client.why(group), client.group(group)]);
  for (const answer of [told, detail]) {
    if (answer.kind === 'refused') throw new StartError(answer.detail, 1);
    if (answer.kind === 'unreachable') throw new StartError(answer.message, 1);
  }
  const reasons =
    told.kind === 'answered' ? told.value.decision.recommendations.map(({ reason }) => reason) : [];
  const meanMs = reasons.find(isBacklog)?.meanMs ?? null;
  return {
    meanSeconds: meanMs === null ? null : meanMs / 1000,
    inService: detail.kind === 'answered' ? detail.value.inService : null,
  };
}

type BacklogReason = Extract<Reason, { readonly code: `backlog-${string}` }>;

function isBacklog(reason: Reason): reason is BacklogReason {
  return reason.code.startsWith('backlog-');
}
