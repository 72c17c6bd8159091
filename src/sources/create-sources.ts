// Makes a source of what the config says of it, whatever kind it is. The registry of the kinds.

import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { SQSClient } from '@aws-sdk/client-sqs';

import { clientSettings, type AwsConnection } from '../aws/client-settings.ts';
import { defaultAwsLimits } from '../aws/limits.ts';
import type { SignalSource } from '../controller/ports/signal-source.ts';
import { createAwsClients } from '../aws/aws-clients.ts';
import type { CloudWatchOrigin } from './cloudwatch-queries.ts';
import { createCloudWatchSources } from './cloudwatch-source.ts';
import { createHttpSource, type HttpOrigin } from './http-source.ts';
import { createPrometheusSource, type PrometheusOrigin } from './prometheus-source.ts';
import { createSqsSource, type SqsOrigin } from './sqs-source.ts';
import type { SourceSurroundings } from './surroundings.ts';

export type SourceOrigin = SqsOrigin | CloudWatchOrigin | PrometheusOrigin | HttpOrigin;

export interface Sources {
  create(origin: SourceOrigin): SignalSource;
  /** Lets go of idle connections. Its sources are not to be used afterwards. */
  close(): void;
}

export interface SourcesOptions extends SourceSurroundings {
  /** What is not given comes from the SDK's own sources. */
  readonly connection: AwsConnection;
}

export function createSources({ now, connection }: SourcesOptions): Sources {
  const limits = defaultAwsLimits;
  const sqs = createAwsClients(
    (access) =>
      new SQSClient({
        ...clientSettings(access, connection, limits),
        // The host in a queue's URL is only part of its name: calls go to SQS itself.
        useQueueUrlAsEndpoint: false,
      }),
    limits,
  );
  const cloudWatch = createAwsClients(
    (access) => new CloudWatchClient(clientSettings(access, connection, limits)),
    limits,
  );
  const createCloudWatchSource = createCloudWatchSources(cloudWatch, { now });

  function create(origin: SourceOrigin): SignalSource {
    switch (origin.type) {
      case 'sqs':
        return createSqsSource(origin, sqs, { now });
      case 'cloudwatch':
        return createCloudWatchSource(origin);
      case 'prometheus':
        return createPrometheusSource(origin, { now });
      case 'http':
        return createHttpSource(origin, { now });
    }
  }

  return {
    create,
    close: () => {
      sqs.close();
      cloudWatch.close();
    },
  };
}
