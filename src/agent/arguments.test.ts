import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseArguments, type AgentRequest, type Environment } from './arguments.ts';
import { parseDuration } from './duration.ts';
import { describeUsage, valueFlags } from './flags.ts';
import { agentVersion } from './version.ts';

function requestOf(argv: readonly string[], environment: Environment = {}): AgentRequest {
  const parsed = parseArguments(argv, environment);
  if (parsed.kind !== 'run') throw new Error(JSON.stringify(parsed));
  return parsed.request;
}

function mistakeOf(argv: readonly string[], environment: Environment = {}): string {
  const parsed = parseArguments(argv, environment);
  if (parsed.kind !== 'invalid') throw new Error(JSON.stringify(parsed));
  expect(parsed.message).not.toContain('\n');
  return parsed.message;
}

test('without any flag there are defaults', () => {
  const { options, given, metadata, passwordPath } = requestOf([]);
  expect(options).toEqual({
    broker: { host: '127.0.0.1', port: 1_883, tls: null },
    intervalMs: 1_000,
    outboxMs: 120_000,
    qos: 1,
    ports: 'listening',
    application: { lifetimeMs: 60_000 },
    paths: { proc: '/proc', sys: '/sys' },
  });
  expect(given).toEqual({});
  expect(metadata).toEqual({ endpoint: 'http://169.254.169.254', isDisabled: false });
  expect(passwordPath).toBeUndefined();
});

test('every flag is read', () => {
  const line =
    '--broker mqtts://broker.example:9000 --group web --instance=i-1 --interval 500ms --username me ' +
    '--password-file /run/secret --ca ca.pem --cert c.pem --key k.pem --client-id c1 --listen 9125 ' +
    '--exec queue-depth --exec-period 30s --file /run/signals --signal-lifetime 2m --ports 443,80,443 ' +
    '--outbox 5m --qos 0 --agent-check [::]:9126 --drain 2m --lifecycle-hook finish';
  const { options, given, passwordPath } = requestOf(line.split(' '));
  expect(options).toEqual({
    broker: {
      host: 'broker.example',
      port: 9_000,
      tls: { caPath: 'ca.pem', certificatePath: 'c.pem', keyPath: 'k.pem' },
    },
    username: 'me',
    clientId: 'c1',
    intervalMs: 500,
    outboxMs: 300_000,
    qos: 0,
    ports: [443, 80],
    application: {
      listenPort: 9_125,
      exec: { command: 'queue-depth', periodMs: 30_000 },
      filePath: '/run/signals',
      lifetimeMs: 120_000,
    },
    paths: { proc: '/proc', sys: '/sys' },
    agentCheck: { host: '::', port: 9_126 },
    drain: {
      withinMs: 120_000,
      hookName: 'finish',
      metadata: { endpoint: 'http://169.254.169.254', isDisabled: false },
      environment: {},
    },
  });
  expect(given).toEqual({ group: 'web', instance: 'i-1' });
  expect(passwordPath).toBe('/run/secret');
  for (const flag of Object.keys(valueFlags)) expect(line).toContain(`--${flag}`);
});

test('variables stand in for flags, and flags win', () => {
  const environment = {
    FORETIDE_GROUP: 'from-variable',
    FORETIDE_INSTANCE: 'i-2',
    FORETIDE_BROKER: 'mqtt://[::1]:1884',
    FORETIDE_USERNAME: 'me',
    FORETIDE_PASSWORD: 'secret',
    FORETIDE_INTERVAL: '',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1338/',
    AWS_EC2_METADATA_DISABLED: 'TRUE',
  };
  const { options, given, metadata } = requestOf(['--group', 'from-flag'], environment);
  expect(given).toEqual({ group: 'from-flag', instance: 'i-2' });
  expect(options.broker).toEqual({ host: '::1', port: 1_884, tls: null });
  expect(options.password).toBe('secret');
  expect(options.intervalMs).toBe(1_000);
  expect(metadata).toEqual({ endpoint: 'http://127.0.0.1:1338', isDisabled: true });
});

test.each([
  ['mqtt://host', { host: 'host', port: 1_883, tls: null }],
  ['mqtts://host/', { host: 'host', port: 8_883, tls: {} }],
  ['mqtt://10.0.0.1:1', { host: '10.0.0.1', port: 1, tls: null }],
  ['mqtts://[fe80::1]', { host: 'fe80::1', port: 8_883, tls: {} }],
])('the broker %s is understood', (url, broker) => {
  expect(requestOf(['--broker', url]).options.broker).toEqual(broker);
});

test.each([
  ['--help', 'help'],
  ['--version', 'version'],
])('%s wins over everything else', (flag, kind) => {
  expect(parseArguments([flag, '--interval', 'nonsense'], {}).kind).toBe(kind);
});

test.each([
  [['--bogus'], /^"--bogus" is no flag: see --help/],
  [['--bogus=1'], /^"--bogus=1" is no flag/],
  [['web'], /^"web" is no flag/],
  [['-h'], /^"-h" is no flag/],
  [['--'], /^"--" is no flag/],
  [['--constructor', '1'], /is no flag/],
  [['--group'], /--group needs a value/],
  [['--group='], /--group needs a value/],
  [['--group', 'a', '--group', 'b'], /--group is given twice/],
  [['--once=yes'], /--once takes no value/],
  [['--interval', '1'], /--interval is "1": 100ms to 60s, like 500ms, 2s or 1m, is allowed/],
  [['--interval', '50ms'], /--interval is "50ms": 100ms to 60s/],
  [['--outbox', '2h'], /--outbox is "2h": 1000ms to 3600s/],
  [['--qos', '2'], /--qos is "2": 0 or 1 is allowed/],
  [['--ports', '80,http'], /--ports has "http": a port from 1 to 65535/],
  [['--ports', '0'], /--ports has "0": a port from 1/],
  [['--ports', Array.from({ length: 33 }, (_, i) => i + 1).join()], /33 ports: at most 32/],
  [['--listen', '65536'], /--listen has "65536": a port from 0 to 65535/],
  [['--agent-check', 'lb'], /--agent-check is "lb": a port, or host:port, is allowed/],
  [['--agent-check', 'lb:70000'], /--agent-check has "70000": a port from 0 to 65535/],
  [['--broker', 'host:1883'], /--broker is "host:1883": mqtt:\/\/host/],
  [['--broker', 'http://host'], /--broker is "http:\/\/host"/],
  [['--broker', 'mqtt://host:0'], /--broker is "mqtt:\/\/host:0"/],
  [['--broker', 'mqtt://host/path'], /--broker is "mqtt:\/\/host\/path"/],
  [['--ca', 'ca.pem'], /for a broker of mqtts/],
  [['--broker', 'mqtts://h', '--cert', 'c.pem'], /--cert and --key are given together/],
  [['--password-file', 'p'], /without --username/],
])('%j is one clear line', (argv, message) => {
  expect(mistakeOf(argv)).toMatch(message);
});

test('credentials in the URL are refused, and not repeated', () => {
  const message = mistakeOf(['--broker', 'mqtt://me:secret@host']);
  expect(message).toMatch(/credentials in it: give --username and --password-file/);
  expect(message).not.toContain('secret');
});

test('a mistake in a variable is told as well', () => {
  expect(mistakeOf([], { FORETIDE_QOS: '7' })).toMatch(/--qos is "7"/);
  expect(mistakeOf([], { FORETIDE_PASSWORD: 'secret' })).toMatch(/without --username/);
  const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'ftp://host' };
  expect(mistakeOf([], environment)).toMatch(/is "ftp:\/\/host": http:\/\/host/);
});

test.each([
  ['250ms', 250],
  ['1.5s', 1_500],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['0s', 0],
  ['5', null],
  ['s', null],
  ['-1s', null],
  ['1 s', null],
  ['1e3s', null],
  ['', null],
])('the duration %j is %s ms', (text, durationMs) => {
  expect(parseDuration(text)).toBe(durationMs);
});

test('the usage names every flag and fits a terminal', () => {
  const usage = describeUsage();
  for (const flag of Object.keys(valueFlags)) expect(usage).toContain(`--${flag} `);
  for (const line of usage.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});

test('the version is the one of the package', () => {
  const path = new URL('../../package.json', import.meta.url);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toHaveProperty('version', agentVersion);
});

test('a drain has a bound, and its hook a name', () => {
  const { drain } = requestOf(['--lifecycle-hook', 'drain']).options;
  expect(drain).toMatchObject({ withinMs: 300_000, hookName: 'drain' });
  const bounded = requestOf(['--drain', '2m']).options.drain;
  expect(bounded).toMatchObject({ withinMs: 120_000, hookName: null });
  expect(mistakeOf(['--drain', '1s'])).toBe(
    '--drain is "1s": 10000ms to 7200s, like 500ms, 2s or 1m, is allowed',
  );
  expect(mistakeOf(['--lifecycle-hook', 'a b'])).toMatch(/"a b": letters, digits/);
  const disabled = { AWS_EC2_METADATA_DISABLED: 'true' };
  expect(mistakeOf(['--drain', '2m'], disabled)).toMatch(/AWS_EC2_METADATA_DISABLED forbids/);
});
