// What the client side of an outside broker is told, and its bounds.

import type { Clock } from '../controller/ports/clock.ts';
import type { Log } from '../controller/ports/log.ts';

/** All in PEM. */
export interface MqttTls {
  /** Whom to trust instead of the authorities that Node brings. */
  readonly authority: string | null;
  /** What this client shows, where the broker asks for it. */
  readonly certificate: string | null;
  readonly key: string | null;
}

/** What the broker publishes, retained, when it loses this client. A connection has one. */
export interface LastWill {
  readonly topic: string;
  readonly payload: string;
}

export interface MqttTelemetryOptions {
  /** `mqtt://` or `mqtts://`; a login in it is used, unless one is given apart. */
  readonly url: string;
  readonly userName: string | null;
  readonly password: string | null;
  readonly tls: MqttTls | null;
  readonly will: LastWill | null;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1; spreads reconnection. */
  readonly random: () => number;
  readonly limits?: Partial<MqttTelemetryLimits>;
}

export interface MqttTelemetryLimits {
  /** From the first packet to the broker's answer, TLS and the way there included. */
  readonly connectTimeoutMs: number;
  /** A silent broker is given up after one and a half of this. */
  readonly keepAliveSeconds: number;
  /** Messages that the broker has not confirmed; beyond, `publish` says no. */
  readonly publishesUnderWayMax: number;
  /** A longer packet is left out if it is a message, and else ends the connection. */
  readonly packetBytesMax: number;
  readonly packetTimeoutMs: number;
  readonly queuedBytesMax: number;
  /** How long `stop` waits for what is under way. */
  readonly stopTimeoutMs: number;
}

export const defaultMqttTelemetryLimits: MqttTelemetryLimits = {
  connectTimeoutMs: 10_000,
  keepAliveSeconds: 30,
  publishesUnderWayMax: 1_000,
  packetBytesMax: 64 * 1024,
  packetTimeoutMs: 30_000,
  queuedBytesMax: 32 * 1024 * 1024,
  stopTimeoutMs: 1_000,
};
