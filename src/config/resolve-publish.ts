// Makes of `publish:` what the publishers take.

import { builtInDefaults } from './built-in-defaults.ts';
import type { PublishConfig } from './config.ts';
import type { WrittenFile } from './file-schema.ts';
import { requireDuration } from './units.ts';

export function resolvePublish({ publish }: WrittenFile): PublishConfig {
  const { cloudWatch: metrics, eventBridge: events } = builtInDefaults.publish;
  return {
    region: publish?.region ?? null,
    roleArn: publish?.role ?? null,
    cloudWatch:
      publish?.cloudWatch === undefined
        ? null
        : {
            namespace: publish.cloudWatch.namespace ?? metrics.namespace,
            everyMs: requireDuration(publish.cloudWatch.every ?? metrics.every),
            metricsMax: publish.cloudWatch.metricsMax ?? metrics.metricsMax,
          },
    eventBridge:
      publish?.eventBridge === undefined ? null : { bus: publish.eventBridge.bus ?? events.bus },
  };
}
