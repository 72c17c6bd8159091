// What an agent is told: the options of `runAgent`, with the defaults and bounds of their values.

import type { CommandOptions } from './application/watched-command.ts';
import type { SystemPaths } from './collectors/collector.ts';
import type { PortChoice } from './collectors/port-connections.ts';
import type { DrainOptions } from './drain/open-drain.ts';
import type { InstanceIdentity } from './identity.ts';
import type { BrokerAddress } from './mqtt/open-socket.ts';

export interface AgentOptions {
  readonly identity: InstanceIdentity;
  readonly broker: BrokerAddress;
  readonly username?: string;
  readonly password?: string;
  /** Instead of one made from the names of group and instance. */
  readonly clientId?: string;
  readonly intervalMs: number;
  /** How old an undelivered sample may become. */
  readonly outboxMs: number;
  /** Of the reports. A status is always acknowledged. */
  readonly qos: 0 | 1;
  readonly ports: PortChoice;
  readonly application: ApplicationOptions;
  readonly paths: SystemPaths;
  /** Where HAProxy's agent-check is answered, if anywhere. */
  readonly agentCheck?: { readonly host: string; readonly port: number };
  /** Left out: what is to become of the instance is not asked. */
  readonly drain?: DrainOptions;
}

/** Where the application's own signals come from. */
export interface ApplicationOptions {
  /** The port for `POST /v1/signals`; 0 takes any free one. */
  readonly listenPort?: number;
  readonly exec?: CommandOptions;
  readonly filePath?: string;
  /** How long a value stands without being renewed. */
  readonly lifetimeMs: number;
}

export const intervalMsDefault = 1_000;
export const outboxMsDefault = 120_000;
export const outboxMsMin = 1_000;
/** Elastic Load Balancing's own: "deregistration_delay.timeout_seconds … the default is 300". */
export const drainMsDefault = 300_000;
export const drainMsMin = 10_000;
export const drainMsMax = 7_200_000;
/** An instance whose network is gone is known as lost after one and a half times this. */
export const keepAliveSeconds = 10;
export const systemPaths: SystemPaths = { proc: '/proc', sys: '/sys' };
