// Publishes the groups' metrics to CloudWatch, within a bound on what that costs. A metric beyond the
// bound is left out, and that is said once: never a bill that nobody asked for.

import type { CloudWatchClient, MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { CancelTimer, Clock } from '../controller/ports/clock.ts';
import type { ReadModel } from '../controller/ports/control.ts';
import type { Log } from '../controller/ports/log.ts';
import { BatchSender, type SendOutcome } from './batch-sender.ts';
import { describeFailure, isRetryable } from './describe-failure.ts';
import { listMetrics, type GroupMetric } from './list-metrics.ts';

/** "1000 different metrics" in a request: API reference of PutMetricData. */
const datumsPerCallMax = 1000;
const waitingMax = 50_000;
/** CloudWatch pricing page, us-east-1: a custom metric a month, and a thousand calls. */
const metricUsd = 0.3;
const thousandCallsUsd = 0.01;
const monthMs = 30 * 86_400_000;

export interface MetricPublisherOptions {
  readonly namespace: string;
  readonly everyMs: number;
  /** At most so many different metrics, the most important first. */
  readonly metricsMax: number;
  readonly client: () => Promise<CloudWatchClient>;
  readonly read: Pick<ReadModel, 'groups' | 'forecast'>;
  readonly clock: Clock;
  readonly log: Log;
}

export class MetricPublisher {
  readonly #options: MetricPublisherOptions;
  readonly #sender: BatchSender<MetricDatum>;
  /** Those that are published, by what CloudWatch tells them apart by. */
  readonly #known = new Set<string>();
  #isLimitTold = false;
  #cancel: CancelTimer | null = null;

  constructor(options: MetricPublisherOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#sender = new BatchSender({
      name: 'CloudWatch',
      clock,
      log,
      batchMax: datumsPerCallMax,
      waitingMax,
      collectMs: 0,
      send: (batch) => this.#send(batch),
    });
  }

  start(): void {
    const { everyMs, log, metricsMax, namespace } = this.#options;
    log.write(
      'info',
      `publishing to CloudWatch as ${namespace}: ${describeCost(metricsMax, everyMs)}`,
    );
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await this.#sender.stop();
  }

  /** At whole multiples of the period, which is where CloudWatch's own periods begin. */
  #schedule(): void {
    const { clock, everyMs } = this.#options;
    const now = clock.now();
    const dueAt = (Math.floor(now / everyMs) + 1) * everyMs;
    this.#cancel = clock.after(dueAt - now, () => {
      this.#schedule();
      this.#sample(dueAt);
    });
  }

  #sample(at: number): void {
    const { everyMs, read } = this.#options;
    const metrics = listMetrics(read, at).filter((metric) => this.#admits(metric));
    const resolution = everyMs < 60_000 ? 1 : 60;
    this.#sender.add(
      metrics.flatMap(({ value, ...metric }) =>
        value === null ? [] : [toDatum({ ...metric, value }, at, resolution)],
      ),
    );
  }

  #admits({ group, name, signal }: GroupMetric): boolean {
    const key = `${name}\u0000${group}\u0000${signal ?? ''}`;
    if (this.#known.has(key)) return true;
    const { log, metricsMax } = this.#options;
    if (this.#known.size < metricsMax) {
      this.#known.add(key);
      return true;
    }
    if (!this.#isLimitTold) {
      const what = signal === null ? `${name} of ${group}` : `${signal} of ${group}`;
      const text = `more than ${metricsMax} metrics: ${what} and others are not published`;
      log.write('warn', `${text}; publish.cloudWatch.metricsMax allows more`);
    }
    this.#isLimitTold = true;
    return false;
  }

  async #send(batch: readonly MetricDatum[]): Promise<SendOutcome<MetricDatum>> {
    try {
      const { PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
      const client = await this.#options.client();
      const Namespace = this.#options.namespace;
      await client.send(new PutMetricDataCommand({ Namespace, MetricData: [...batch] }));
      return { kind: 'taken' };
    } catch (error) {
      const message = describeFailure(error);
      return isRetryable(error)
        ? { kind: 'refused', left: batch, message }
        : { kind: 'impossible', message };
    }
  }
}

function toDatum(
  metric: GroupMetric & { readonly value: number },
  at: number,
  resolution: 1 | 60,
): MetricDatum {
  const { group, name, signal, unit, value } = metric;
  return {
    MetricName: name,
    Dimensions: [
      { Name: 'Group', Value: group },
      ...(signal === null ? [] : [{ Name: 'Signal', Value: signal }]),
    ],
    Timestamp: new Date(at),
    Value: value,
    Unit: unit,
    StorageResolution: resolution,
  };
}

/** One line: the most that it can come to a month. */
export function describeCost(metricsMax: number, everyMs: number): string {
  const calls = (monthMs / everyMs) * Math.ceil(metricsMax / datumsPerCallMax);
  const usd = metricsMax * metricUsd + (calls / 1000) * thousandCallsUsd;
  return `at most $${usd.toFixed(2)} a month (${metricsMax} metrics, ${Math.round(calls)} calls)`;
}
