// Makes the HTTP API's address of what a file says about it.

import { builtInDefaults } from './built-in-defaults.ts';
import type { ApiConfig, ApiToken, BrokerConfig } from './config.ts';
import { quote, type Report } from './config-error.ts';
import type { WrittenFile } from './file-schema.ts';
import { formatHostPort, isLoopback, requireHostPort } from './host-port.ts';

export function resolveApi(file: WrittenFile, report: Report): ApiConfig {
  const written = file.api ?? {};
  const listen = requireHostPort(written.listen ?? builtInDefaults.api.listen);
  const isProtected = Object.hasOwn(written, 'tls') && (written.tokens?.length ?? 0) > 0;
  if (!isLoopback(listen) && !isProtected) {
    report({
      path: ['api', 'listen'],
      found: `${quote(formatHostPort(listen))} without tls and tokens`,
      allowed: '127.0.0.1, [::1] or localhost; any other address with tls and tokens',
    });
  }
  return { listen, tls: resolveTls(written, report), tokens: resolveTokens(written, report) };
}

type WrittenApi = NonNullable<WrittenFile['api']>;

function resolveTls({ tls }: WrittenApi, report: Report): ApiConfig['tls'] {
  if (tls === undefined) return null;
  for (const key of ['certificate', 'key'] as const) {
    if (Object.hasOwn(tls, key)) continue;
    const allowed = 'the path of a PEM file, which listening with TLS needs';
    report({ path: ['api', 'tls', key], found: 'nothing', allowed });
  }
  const { certificate, key } = tls;
  return certificate === undefined || key === undefined ? null : { certificate, key };
}

function resolveTokens({ tokens = [] }: WrittenApi, report: Report): readonly ApiToken[] {
  const names = new Set<string>();
  const resolved: ApiToken[] = [];
  for (const [index, { hash, name, role }] of tokens.entries()) {
    if (name === undefined || role === undefined || hash === undefined) continue;
    if (names.has(name)) {
      const path = ['api', 'tokens', index, 'name'];
      report({ path, found: `${quote(name)} for a second time`, allowed: 'another name' });
    }
    names.add(name);
    resolved.push({ name, role, hash });
  }
  return resolved;
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
