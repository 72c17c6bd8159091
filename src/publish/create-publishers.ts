// Makes what the config asks for: metrics to CloudWatch, decisions to EventBridge, both or neither.
// The clients of AWS are loaded with the first call.

import { clientSettings, type AwsAccess, type AwsConnection } from '../aws/client-settings.ts';
import { defaultAwsLimits } from '../aws/limits.ts';
import type { Announcer } from '../controller/ports/announcer.ts';
import type { Clock } from '../controller/ports/clock.ts';
import type { ReadModel } from '../controller/ports/control.ts';
import type { Log } from '../controller/ports/log.ts';
import { EventPublisher } from './event-publisher.ts';
import { MetricPublisher } from './metric-publisher.ts';

export interface PublishSettings extends AwsAccess {
  readonly cloudWatch: {
    readonly namespace: string;
    readonly everyMs: number;
    readonly metricsMax: number;
  } | null;
  readonly eventBridge: { readonly bus: string } | null;
}

export interface PublishPorts {
  readonly connection: AwsConnection;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Publishers {
  /** Null: nobody is told of decisions. */
  readonly announcer: Announcer | null;
  /** Begins to publish what the controller shows. */
  start(read: Pick<ReadModel, 'groups' | 'forecast'>): void;
  stop(): Promise<void>;
}

export function createPublishers(settings: PublishSettings, ports: PublishPorts): Publishers {
  const { clock, connection, log } = ports;
  const aws = clientSettings(settings, connection, defaultAwsLimits);
  const events =
    settings.eventBridge === null
      ? null
      : new EventPublisher({
          ...settings.eventBridge,
          clock,
          log,
          client: once(async () => {
            const { EventBridgeClient } = await import('@aws-sdk/client-eventbridge');
            return new EventBridgeClient(aws);
          }),
        });
  let metrics: MetricPublisher | null = null;
  return {
    announcer: events,
    start(read) {
      if (settings.cloudWatch === null) return;
      metrics = new MetricPublisher({
        ...settings.cloudWatch,
        read,
        clock,
        log,
        client: once(async () => {
          const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
          return new CloudWatchClient(aws);
        }),
      });
      metrics.start();
    },
    async stop() {
      await Promise.all([metrics?.stop(), events?.stop()]);
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
