// Makes the broker of what a file says about it: embedded or outside, never both, and never open to
// other machines without TLS and credentials.

import { builtInDefaults } from './built-in-defaults.ts';
import type { BrokerConfig, ClientTls, ServerTls } from './config.ts';
import { quote, type Path, type Report } from './config-error.ts';
import type { WrittenBroker, WrittenFile } from './file-schema.ts';
import { formatHostPort, isLoopback, parseHostPort, requireHostPort } from './host-port.ts';

const path: Path = ['broker'];

/** Null if something was reported, here or before, without which it cannot be said. */
export function resolveBroker(file: WrittenFile, report: Report): BrokerConfig | null {
  const written = file.broker ?? {};
  if (!Object.hasOwn(written, 'url')) return resolveEmbedded(written, report);
  if (Object.hasOwn(written, 'listen')) {
    const found = 'both listen and url';
    report({ path: [...path, 'url'], isAboutKey: true, found, allowed: 'one of them' });
  }
  return resolveOutside(written, report);
}

function resolveEmbedded(written: WrittenBroker, report: Report): BrokerConfig | null {
  refuseKeys(written, ['username', 'passwordFile'], 'an outside broker (url)', report);
  const tls = resolveServerTls(written, report);
  const credentials = written.credentials ?? null;
  const listen = requireHostPort(written.listen ?? builtInDefaults.broker.listen);
  const isProtected = Object.hasOwn(written, 'tls') && Object.hasOwn(written, 'credentials');
  if (!isLoopback(listen) && !isProtected) {
    report({
      path: [...path, 'listen'],
      found: `${quote(formatHostPort(listen))} without tls and credentials`,
      allowed: '127.0.0.1, [::1] or localhost; any other address with tls and credentials',
    });
    return null;
  }
  return { kind: 'embedded', listen, tls, credentials };
}

function resolveServerTls({ tls }: WrittenBroker, report: Report): ServerTls | null {
  if (tls === undefined) return null;
  for (const key of ['cert', 'key'] as const) {
    if (Object.hasOwn(tls, key)) continue;
    const allowed = 'the path of a PEM file, which listening with TLS needs';
    report({ path: [...path, 'tls', key], found: 'nothing', allowed });
  }
  const { cert, key, ca } = tls;
  return cert === undefined || key === undefined ? null : { cert, key, ca: ca ?? null };
}

const brokerUrlPattern =
  /^(?<scheme>mqtts?):\/\/(?<login>[^/?#@]*@)?(?<host>\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::(?<port>\d{1,5}))?\/?$/i;
const defaultPorts = { mqtt: 1883, mqtts: 8883 };

function resolveOutside(written: WrittenBroker, report: Report): BrokerConfig | null {
  refuseKeys(written, ['credentials'], 'the embedded broker (listen)', report);
  if (written.passwordFile !== undefined && !Object.hasOwn(written, 'username')) {
    const found = 'passwordFile without username';
    report({ path: [...path, 'passwordFile'], isAboutKey: true, found, allowed: 'both' });
  }
  const { url, username = null, passwordFile = null } = written;
  if (url === undefined) return null;
  const parts = brokerUrlPattern.exec(url)?.groups;
  const scheme = parts?.['scheme'] === 'mqtts' ? 'mqtts' : 'mqtt';
  const address = parseHostPort(
    `${parts?.['host'] ?? ''}:${parts?.['port'] ?? defaultPorts[scheme]}`,
  );
  if (address === null) {
    const allowed = 'mqtt:// or mqtts:// with a host and perhaps a port, and nothing after it';
    // Not the address itself, for there may be a password in it.
    report({ path: [...path, 'url'], found: 'an address of another form', allowed });
    return null;
  }
  if (parts?.['login'] !== undefined) {
    const allowed = 'an address without a user; see username and passwordFile';
    report({ path: [...path, 'url'], found: 'an address with a user or password', allowed });
  }
  if (Object.hasOwn(written, 'tls') && scheme === 'mqtt') {
    const found = 'tls with an mqtt:// address';
    report({ path: [...path, 'tls'], isAboutKey: true, found, allowed: 'tls with mqtts://' });
  }
  const tls = resolveClientTls(written, report);
  return {
    kind: 'outside',
    url: `${scheme}://${formatHostPort(address)}`,
    tls,
    username,
    passwordFile,
  };
}

function resolveClientTls({ tls }: WrittenBroker, report: Report): ClientTls | null {
  if (tls === undefined) return null;
  if (Object.hasOwn(tls, 'cert') !== Object.hasOwn(tls, 'key')) {
    const found = 'one of cert and key';
    report({ path: [...path, 'tls'], found, allowed: 'both, or neither' });
  }
  const { cert, key, ca = null } = tls;
  return { ca, identity: cert === undefined || key === undefined ? null : { cert, key } };
}

function refuseKeys(
  written: WrittenBroker,
  keys: readonly (keyof WrittenBroker)[],
  owner: string,
  report: Report,
): void {
  for (const key of keys) {
    if (!Object.hasOwn(written, key)) continue;
    const allowed = `${key} together with ${owner} only`;
    report({ path: [...path, key], isAboutKey: true, found: key, allowed });
  }
}
