// Reads the command line and the environment of an agent. Every mistake is one line that says what
// was found and what is allowed.

import { commandIntervalMsMax, commandIntervalMsMin } from '../wire/command.ts';
import { ageMsMax } from '../wire/report.ts';
import { signalLifetimeMsDefault } from './application/signal-board.ts';
import { commandPeriodMsDefault } from './application/watched-command.ts';
import { portsMax, type PortChoice } from './collectors/port-connections.ts';
import { parseBrokerUrl } from './broker-url.ts';
import { describeError } from './describe-error.ts';
import { parseDuration } from './duration.ts';
import { valueFlags, variableOf, type ValueFlagName } from './flags.ts';
import type { GivenIdentity, MetadataService } from './identity.ts';
import { metadataEndpointDefault } from './instance-metadata.ts';
import type { BrokerAddress } from './mqtt/open-socket.ts';
import {
  drainMsDefault,
  drainMsMax,
  drainMsMin,
  intervalMsDefault,
  outboxMsDefault,
  outboxMsMin,
  systemPaths,
} from './options.ts';
import type { AgentOptions } from './options.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command line asks for. */
export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'invalid'; readonly message: string }
  /** Straight to CloudWatch, without a broker, as a configuration module says. */
  | { readonly kind: 'publish'; readonly path: string; readonly metadata: MetadataService }
  | { readonly kind: 'run'; readonly isOnce: boolean; readonly request: AgentRequest };

/** The options of an agent whose identity and password file are still to be looked up. */
export interface AgentRequest {
  readonly options: Omit<AgentOptions, 'identity'>;
  readonly given: GivenIdentity;
  readonly metadata: MetadataService;
  readonly passwordPath?: string;
}

export function parseArguments(argv: readonly string[], environment: Environment): Arguments {
  try {
    const path = findModule(argv);
    if (path !== null) return { kind: 'publish', path, metadata: readMetadata(environment) };
    const { values, switches } = readFlags(argv, environment);
    if (switches.has('help')) return { kind: 'help' };
    if (switches.has('version')) return { kind: 'version' };
    const request = makeRequest(values, environment);
    return { kind: 'run', isOnce: switches.has('once'), request };
  } catch (error) {
    return { kind: 'invalid', message: describeError(error) };
  }
}

/** `-c FILE`, alone: the whole of the agent that this one replaces. */
function findModule(argv: readonly string[]): string | null {
  if (argv[0] !== '-c') return null;
  const [, path, ...others] = argv;
  if (path === undefined || path === '') throw new Error('-c needs a file');
  if (others.length > 0) throw new Error('-c FILE takes nothing beside it: the file says it all');
  return path;
}

function readMetadata(environment: Environment): MetadataService {
  return {
    endpoint: parseEndpoint(environment['AWS_EC2_METADATA_SERVICE_ENDPOINT']),
    isDisabled: environment['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true',
  };
}

type Values = Readonly<Partial<Record<ValueFlagName, string>>>;

interface Flags {
  readonly values: Values;
  readonly switches: ReadonlySet<string>;
}

const switchNames = ['help', 'version', 'once'];

/** By hand: `parseArgs` of Node.js costs half a megabyte, and its words vary between versions. */
function readFlags(argv: readonly string[], environment: Environment): Flags {
  const values: Partial<Record<ValueFlagName, string>> = {};
  const switches = new Set<string>();
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index] ?? '';
    const equals = argument.indexOf('=');
    const name = argument.slice(2, equals === -1 ? argument.length : equals);
    if (!argument.startsWith('--') || !(isValueFlag(name) || switchNames.includes(name))) {
      throw new Error(`"${argument}" is no flag: see --help`);
    }
    if (!isValueFlag(name)) {
      if (equals !== -1) throw new Error(`--${name} takes no value`);
      switches.add(name);
      continue;
    }
    if (equals === -1) index += 1;
    const value = equals === -1 ? argv[index] : argument.slice(equals + 1);
    if (value === undefined || value === '') throw new Error(`--${name} needs a value`);
    if (values[name] !== undefined) throw new Error(`--${name} is given twice`);
    values[name] = value;
  }
  for (const name of Object.keys(valueFlags).filter(isValueFlag)) {
    const value = environment[variableOf(name)];
    if (value !== undefined && value !== '') values[name] ??= value;
  }
  return { values, switches };
}

function isValueFlag(name: string): name is ValueFlagName {
  return Object.hasOwn(valueFlags, name);
}

function makeRequest(values: Values, environment: Environment): AgentRequest {
  const { group, instance, username } = values;
  const clientId = values['client-id'];
  const passwordPath = values['password-file'];
  const password = environment['FORETIDE_PASSWORD'];
  const hasPassword = passwordPath !== undefined || (password !== undefined && password !== '');
  if (hasPassword && username === undefined) {
    throw new Error('a password was given without --username: MQTT 3.1.1 needs both');
  }
  return {
    options: {
      broker: parseBroker(values),
      ...(username !== undefined && { username }),
      ...(password !== undefined && password !== '' && { password }),
      ...(clientId !== undefined && { clientId }),
      intervalMs: readDuration(values, 'interval', intervalMsDefault, {
        minMs: commandIntervalMsMin,
        maxMs: commandIntervalMsMax,
      }),
      outboxMs: readDuration(values, 'outbox', outboxMsDefault, {
        minMs: outboxMsMin,
        maxMs: ageMsMax,
      }),
      qos: parseQos(values.qos ?? '1'),
      ports: parsePorts(values.ports),
      application: parseApplication(values),
      paths: systemPaths,
      ...parseAgentCheck(values['agent-check']),
      ...parseDrain(values, environment),
    },
    given: { ...(group !== undefined && { group }), ...(instance !== undefined && { instance }) },
    metadata: readMetadata(environment),
    ...(passwordPath !== undefined && { passwordPath }),
  };
}

function parseApplication(values: Values): AgentOptions['application'] {
  const { listen, exec, file } = values;
  const bounds = { minMs: 1_000, maxMs: ageMsMax };
  const periodMs = readDuration(values, 'exec-period', commandPeriodMsDefault, bounds);
  const lifetimeMs = readDuration(values, 'signal-lifetime', signalLifetimeMsDefault, bounds);
  return {
    ...(listen !== undefined && { listenPort: parsePort(listen, '--listen', 0) }),
    ...(exec !== undefined && { exec: { command: exec, periodMs } }),
    ...(file !== undefined && { filePath: file }),
    lifetimeMs,
  };
}

/** An IPv6 address stands in brackets. */
function parseAgentCheck(text: string | undefined): Pick<AgentOptions, 'agentCheck'> {
  if (text === undefined) return {};
  const parts = /^(?:(?<host>[^\s:[\]]+|\[[0-9a-f:.]+\]):)?(?<port>\d+)$/i.exec(text)?.groups;
  if (parts === undefined) {
    throw new Error(`--agent-check is "${text}": a port, or host:port, is allowed`);
  }
  const { host = '127.0.0.1', port = '' } = parts;
  const address = host.replaceAll(/^\[|\]$/g, '');
  return { agentCheck: { host: address, port: parsePort(port, '--agent-check', 0) } };
}

/** A hook's name: "[A-Za-z0-9\-_\/]+, at most 255" (EC2 Auto Scaling API reference). */
const hookPattern = /^[A-Za-z0-9_/-]{1,255}$/;

function parseDrain(values: Values, environment: Environment): Pick<AgentOptions, 'drain'> {
  const hookName = values['lifecycle-hook'];
  if (values.drain === undefined && hookName === undefined) return {};
  if (hookName !== undefined && !hookPattern.test(hookName)) {
    throw new Error(`--lifecycle-hook is "${hookName}": letters, digits and - _ / are allowed`);
  }
  const metadata = readMetadata(environment);
  if (metadata.isDisabled) {
    throw new Error('--drain asks the instance metadata, which AWS_EC2_METADATA_DISABLED forbids');
  }
  const bounds = { minMs: drainMsMin, maxMs: drainMsMax };
  const withinMs = readDuration(values, 'drain', drainMsDefault, bounds);
  return { drain: { withinMs, hookName: hookName ?? null, metadata, environment } };
}

const defaultBroker = 'mqtt://127.0.0.1:1883';

function parseBroker(values: Values): BrokerAddress {
  const broker = parseBrokerUrl(values.broker ?? defaultBroker);
  const { ca, cert, key } = values;
  if (!broker.isTls && (ca ?? cert ?? key) !== undefined) {
    throw new Error('--ca, --cert and --key are for a broker of mqtts://');
  }
  if ((cert === undefined) !== (key === undefined)) {
    throw new Error('--cert and --key are given together or not at all');
  }
  const tls = {
    ...(ca !== undefined && { caPath: ca }),
    ...(cert !== undefined && { certificatePath: cert }),
    ...(key !== undefined && { keyPath: key }),
  };
  return { host: broker.host, port: broker.port, tls: broker.isTls ? tls : null };
}

function parseEndpoint(text: string | undefined): string {
  if (text === undefined || text === '') return metadataEndpointDefault;
  if (/^http:\/\/[^\s?#]+$/.test(text)) return text.replace(/\/+$/, '');
  const name = 'AWS_EC2_METADATA_SERVICE_ENDPOINT';
  throw new Error(`${name} is "${text}": http://host[:port] is allowed`);
}

interface DurationBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

function readDuration(
  values: Values,
  flag: ValueFlagName,
  defaultMs: number,
  { minMs, maxMs }: DurationBounds,
): number {
  const text = values[flag];
  if (text === undefined) return defaultMs;
  const durationMs = parseDuration(text);
  if (durationMs !== null && durationMs >= minMs && durationMs <= maxMs) return durationMs;
  const allowed = `${minMs}ms to ${maxMs / 1_000}s, like 500ms, 2s or 1m, is allowed`;
  throw new Error(`--${flag} is "${text}": ${allowed}`);
}

function parseQos(text: string): 0 | 1 {
  if (text === '0') return 0;
  if (text === '1') return 1;
  throw new Error(`--qos is "${text}": 0 or 1 is allowed`);
}

function parsePorts(text: string | undefined): PortChoice {
  if (text === undefined) return 'listening';
  if (text === 'none') return 'none';
  const ports = text.split(',').map((port) => parsePort(port.trim(), '--ports', 1));
  if (ports.length <= portsMax) return [...new Set(ports)];
  throw new Error(`--ports names ${ports.length} ports: at most ${portsMax} are allowed`);
}

function parsePort(text: string, flag: string, min: number): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port >= min && port <= 65_535) return port;
  throw new Error(`${flag} has "${text}": a port from ${min} to 65535 is allowed`);
}
