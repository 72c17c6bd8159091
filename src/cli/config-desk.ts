// Answers the API's questions about configs: what runs, without anything that opens a door, and what
// is wrong with a text.

import type { ConfigDesk, RunningConfig } from '../api/config-desk.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';

export function createConfigDesk(running: () => Config): ConfigDesk {
  return {
    running: () => describeRunning(running()),
    check: (yaml) => {
      const outcome = loadConfig(yaml, 'foretide.yaml');
      if (outcome.ok) {
        return { isValid: true, groups: outcome.config.groups.map(({ group }) => group.name) };
      }
      const mistakes = outcome.errors.map(({ allowed, column, found, line, path }) => {
        return { line, column, path, found, allowed };
      });
      return { isValid: false, mistakes };
    },
  };
}

/** Named one by one: what is added to the config later is secret until someone says otherwise. */
function describeRunning({ api, broker, groups, loadTopics, store }: Config): RunningConfig {
  return {
    broker: {
      kind: broker.kind,
      ...(broker.kind === 'embedded' ? { listen: broker.listen } : { url: broker.url }),
      hasTls: broker.tls !== null,
    },
    api: {
      listen: api.listen,
      hasTls: api.tls !== null,
      people: api.tokens.map(({ name, role }) => ({ name, role })),
    },
    store: { onCorrupt: store.onCorrupt },
    loadTopics,
    groups: groups.map(({ calendar, group, honorCooldown, staleAfterMs, target }) => ({
      group,
      autoScalingGroup: target.autoScalingGroup,
      region: target.region,
      honorCooldown,
      staleAfterMs,
      calendar,
    })),
  };
}
