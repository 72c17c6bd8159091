// A group's past in CloudWatch, as far back as it keeps it: minutes for 15 days, five minutes for 63.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html

import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { clientSettings, type AwsConnection } from '../../aws/client-settings.ts';
import { defaultAwsLimits } from '../../aws/limits.ts';
import type { GroupConfig } from '../../config/config.ts';
import { describeError } from '../describe-error.ts';
import { StartError } from '../start-error.ts';
import type { PastValue } from './to-minutes.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
const minutesKeptMs = 15 * dayMs;
/** CloudWatch has 63 days of five minutes; the store keeps 60. */
const pastMs = 60 * dayMs;
const coarseMs = 5 * minuteMs;
/** Values in one answer are 100,800 at most: a day of minutes is far below. */
const spanMs = 20 * dayMs;
const pagesMax = 100;
/** With detailed monitoring there is a value in most minutes; with basic in one of five. */
const detailedShare = 0.5;

interface Metric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
  /** The group's demand of the statistic over a minute, and over five. */
  readonly scale: number;
  /** A sum grows with the period. */
  readonly isSum: boolean;
}

export async function readCloudWatchPast(
  group: GroupConfig,
  { now, connection = {} }: { readonly now: number; readonly connection?: AwsConnection },
): Promise<readonly PastValue[]> {
  const metric = chooseMetric(group);
  const { region, roleArn } = group.target;
  const client = new CloudWatchClient(
    clientSettings({ region, roleArn }, connection, defaultAwsLimits),
  );
  try {
    const fineFrom = now - minutesKeptMs + dayMs / 24;
    const fine = await readSpan(client, metric, { from: fineFrom, to: now, periodMs: minuteMs });
    const coarse = await readSpan(client, metric, {
      from: now - pastMs,
      to: fineFrom,
      periodMs: coarseMs,
    });
    return join(metric, fine, coarse, now - fineFrom);
  } catch (error) {
    throw new StartError(`CloudWatch did not answer: ${describeError(error)}`, 1);
  } finally {
    client.destroy();
  }
}

/** The CPU of all instances together, or the metric of the source that demand is made of. */
function chooseMetric({ forecast, sources, target }: GroupConfig): Metric {
  const { signal } = forecast;
  const source = sources.find(({ name }) => name === signal);
  if (source === undefined && signal === 'cpu') {
    return {
      namespace: 'AWS/EC2',
      metric: 'CPUUtilization',
      dimensions: { AutoScalingGroupName: target.autoScalingGroup },
      // Each instance adds its percent once a sample, so that the sum is that of the fleet.
      statistic: 'Sum',
      scale: 1 / 100,
      isSum: true,
    };
  }
  const origin = source?.origin;
  const only = origin?.type === 'cloudwatch' ? origin.metrics[0] : undefined;
  const isSingle =
    origin?.type === 'cloudwatch' && origin.expression === null && origin.metrics.length === 1;
  if (source === undefined || only === undefined || !isSingle) {
    throw new StartError(
      `demand is made of ${signal}, which CloudWatch does not keep; allowed: cpu, or a source of ` +
        'type cloudwatch with one metric',
      2,
    );
  }
  const { namespace, metric, dimensions, statistic, periodMs } = only;
  const isSum = statistic === 'Sum' || statistic === 'SampleCount';
  // What the source reads is of its own period.
  const scale = source.scale * (isSum ? periodMs / minuteMs : 1);
  return { namespace, metric, dimensions, statistic, scale, isSum };
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly periodMs: number;
}

type Sample = readonly [at: number, value: number];

async function readSpan(
  client: CloudWatchClient,
  metric: Metric,
  { from, to, periodMs }: Span,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let at = from; at < to; at += spanMs) {
    let token: string | undefined;
    for (let page = 0; page < pagesMax; page += 1) {
      const answer = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(at),
          EndTime: new Date(Math.min(to, at + spanMs)),
          ScanBy: 'TimestampAscending',
          MetricDataQueries: [toQuery(metric, periodMs)],
          ...(token !== undefined && { NextToken: token }),
        }),
      );
      const [result] = answer.MetricDataResults ?? [];
      for (const [index, time] of (result?.Timestamps ?? []).entries()) {
        samples.push([time.getTime(), result?.Values?.[index] ?? Number.NaN]);
      }
      token = answer.NextToken;
      if (token === undefined) break;
    }
  }
  return samples;
}

function toQuery({ dimensions, metric, namespace, statistic }: Metric, periodMs: number) {
  return {
    Id: 'demand',
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: metric,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodMs / 1000,
      Stat: statistic,
    },
  };
}

/** Basic monitoring has a value in five minutes: it stands for all of them. */
function join(
  { isSum, scale }: Metric,
  fine: readonly Sample[],
  coarse: readonly Sample[],
  fineMs: number,
): readonly PastValue[] {
  const [first] = fine[0] ?? [0];
  const [last] = fine.at(-1) ?? [0];
  const spanned = Math.min(fineMs, last - first + minuteMs);
  const isDetailed = fine.length * minuteMs >= spanned * detailedShare;
  // Over five minutes each instance of detailed monitoring has added five samples.
  const perCoarse = isSum && isDetailed ? coarseMs / minuteMs : 1;
  const fineStepMs = isDetailed ? minuteMs : coarseMs;
  return [
    ...coarse.map(([start, value]) => ({
      start,
      stepMs: coarseMs,
      value: (value * scale) / perCoarse,
    })),
    ...fine.map(([start, value]) => ({ start, stepMs: fineStepMs, value: value * scale })),
  ];
}
