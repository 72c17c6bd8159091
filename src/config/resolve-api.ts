// Makes the HTTP API's address of what a file says about it.

import { builtInDefaults } from './built-in-defaults.ts';
import type { ApiConfig, BrokerConfig } from './config.ts';
import { quote, type Report } from './config-error.ts';
import type { WrittenFile } from './file-schema.ts';
import { formatHostPort, isLoopback, requireHostPort } from './host-port.ts';

export function resolveApi(file: WrittenFile, report: Report): ApiConfig {
  const listen = requireHostPort(file.api?.listen ?? builtInDefaults.api.listen);
  if (!isLoopback(listen)) {
    report({
      path: ['api', 'listen'],
      found: quote(formatHostPort(listen)),
      allowed: '127.0.0.1, [::1] or localhost, for the API has no log-in yet',
    });
  }
  return { listen };
}

/** Two that listen on one port are found out before the second one fails to start. */
export function checkPorts(broker: BrokerConfig | null, api: ApiConfig, report: Report): void {
  if (broker?.kind !== 'embedded' || api.listen.port === 0) return;
  if (broker.listen.port !== api.listen.port || broker.listen.host !== api.listen.host) return;
  report({
    path: ['api', 'listen'],
    found: `${quote(formatHostPort(api.listen))}, where the broker listens`,
    allowed: 'another port',
  });
}
