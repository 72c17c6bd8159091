// `foretide-agent -c FILE`: publishes straight to CloudWatch until it is told to stop.

import type { Environment } from '../arguments.ts';
import { systemClock } from '../clock.ts';
import { openMemoryCollector } from '../collectors/memory.ts';
import { openSocketsCollector } from '../collectors/sockets.ts';
import type { MeasuredSignal } from '../collectors/collector.ts';
import { stderrLog, TroubleLog } from '../log.ts';
import { systemPaths } from '../options.ts';
import { describeCost } from './describe-cost.ts';
import { findAccess } from '../aws/find-credentials.ts';
import { putMetricData } from './put-metric-data.ts';
import type { Publishing } from './publishing.ts';
import { Publisher } from './publisher.ts';

export interface PublishRequest {
  readonly publishing: Publishing;
  readonly notes: readonly string[];
  readonly environment: Environment;
  readonly endpoint: string;
  readonly isMetadataDisabled: boolean;
}

/** Resolves when `stopped` does and what was measured is sent, as far as that can be done at once. */
export async function publishUntil(
  { publishing, notes, environment, endpoint, isMetadataDisabled }: PublishRequest,
  stopped: Promise<unknown>,
): Promise<void> {
  const collectors = [openSocketsCollector(systemPaths), openMemoryCollector(systemPaths)];
  const own = environment['AWS_ENDPOINT_URL_CLOUDWATCH'] ?? environment['AWS_ENDPOINT_URL'];
  const publisher = new Publisher(publishing, {
    clock: systemClock,
    troubles: new TroubleLog(stderrLog),
    random: Math.random,
    measure() {
      const values = new Map<MeasuredSignal, number>();
      const nowMs = systemClock.monotonicMs();
      for (const each of collectors) each.collect(nowMs, (name, value) => values.set(name, value));
      return publishing.metrics.map(
        ({ signal, divisor }) => (values.get(signal) ?? Number.NaN) / divisor,
      );
    },
    findAccess: () => {
      const action = 'cloudwatch:PutMetricData';
      return findAccess({ publishing, environment, endpoint, isMetadataDisabled, action });
    },
    put: (datums, access) =>
      putMetricData(publishing, datums, {
        access,
        endpoint: own ?? null,
        now: systemClock.epochMs(),
      }),
  });
  for (const note of notes) stderrLog.warn(note);
  const names = publishing.metrics.map(({ name }) => name).join(' and ');
  const period = `every ${publishing.intervalMs / 1000} s`;
  stderrLog.info(`publishing ${names} to ${publishing.namespace} ${period}`);
  stderrLog.info(describeCost(publishing));
  // Loaded now, not between two samples: without a compiler it takes a good half second.
  await import('node:https');
  publisher.start();
  await stopped;
  await publisher.stop();
  for (const collector of collectors) collector.close();
}
