// Publishes the mean processing duration of the last minute to CloudWatch, for those whose alarms or
// target-tracking policies read it there. Failed and returned messages say nothing about durations.

import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { FinishedWork } from '../wire/work.ts';
import type { CloudWatchOptions } from './options.ts';

const periodMs = 60_000;
const msPerSecond = 1000;
/** The metric's name, as the published recipe calls it. */
export const durationMetricName = 'MPD';

export class DurationMetric {
  readonly #options: CloudWatchOptions;
  readonly #queueName: string;
  readonly #log: (line: string) => void;
  #client: CloudWatchClient | null = null;
  #sumSeconds = 0;
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: CloudWatchOptions, queueUrl: string, log: (line: string) => void) {
    this.#options = options;
    this.#queueName = queueUrl.split('/').at(-1) ?? queueUrl;
    this.#log = log;
  }

  start(): void {
    this.#timer = setInterval(() => void this.publish(), periodMs);
    this.#timer.unref();
  }

  add({ durationMs, outcome }: FinishedWork): void {
    if (outcome !== 'done') return;
    this.#sumSeconds += durationMs / msPerSecond;
    this.#count += 1;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.publish();
    this.#client?.destroy();
  }

  /** Says nothing where nothing was done; what could not be published stays for the next time. */
  async publish(): Promise<void> {
    if (this.#count === 0) return;
    const [sum, count] = [this.#sumSeconds, this.#count];
    const dimensions = { QueueName: this.#queueName, ...this.#options.dimensions };
    try {
      const { CloudWatchClient, PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
      this.#client ??= new CloudWatchClient({});
      await this.#client.send(
        new PutMetricDataCommand({
          Namespace: this.#options.namespace,
          MetricData: [
            {
              MetricName: durationMetricName,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              Unit: 'Seconds',
              // A set of alike values: CloudWatch weighs the means of all workers by their messages.
              Values: [sum / count],
              Counts: [count],
            },
          ],
        }),
      );
      this.#sumSeconds -= sum;
      this.#count -= count;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#log(`CloudWatch takes no ${durationMetricName}: ${reason}`);
    }
  }
}
