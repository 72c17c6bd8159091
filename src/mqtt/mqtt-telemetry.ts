// The controller's side of an outside broker, over mqtt.js. Every connection is a new client of that
// library, so that what it remembers of a lost one cannot matter; waiting and trying again is ours.

import { randomUUID } from 'node:crypto';
import { MqttClient } from 'mqtt';
import type { CancelTimer } from '../controller/ports/clock.ts';
import type { Telemetry, TelemetryReceiver } from '../controller/ports/telemetry.ts';
import { payloadBytesMax } from '../wire/report.ts';
import { type BrokerAddress, describeAddress, parseBrokerUrl } from './broker-address.ts';
import { describeTrouble } from './connection-trouble.ts';
import {
  defaultMqttTelemetryLimits,
  type MqttTelemetryLimits,
  type MqttTelemetryOptions,
} from './mqtt-telemetry-options.ts';
import { openBrokerStream } from './open-broker-stream.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

export type MqttTelemetryOutcome =
  | { readonly ok: true; readonly telemetry: Telemetry }
  | { readonly ok: false; readonly message: string };

/** Fails for a URL or certificates that make no sense; a broker that is down is no failure. */
export function createMqttTelemetry(options: MqttTelemetryOptions): MqttTelemetryOutcome {
  const parsed = parseBrokerUrl(options.url);
  if (!parsed.ok) return parsed;
  if (options.tls !== null && !parsed.address.isEncrypted) {
    return { ok: false, message: 'broker URL: found certificates, but mqtt://, expected mqtts://' };
  }
  return { ok: true, telemetry: new MqttTelemetry(parsed.address, options) };
}

/** One connection to the broker. */
interface Attempt {
  readonly client: MqttClient;
  publishesUnderWay: number;
  trouble: string | null;
}

/**
 *     idle ──start──▶ connecting ──subscribed──▶ connected
 *                       ▲   │ closed               │ closed
 *                       │   ▼                      │
 *                      waiting ◀───────────────────┘        any ──stop──▶ stopped
 */
class MqttTelemetry implements Telemetry {
  readonly #address: BrokerAddress;
  readonly #options: MqttTelemetryOptions;
  readonly #limits: MqttTelemetryLimits;
  readonly #clientId = `foretide-controller-${randomUUID()}`;
  #filters: readonly string[] = [];
  #receiver: TelemetryReceiver | null = null;
  #attempt: Attempt | null = null;
  #attemptsFailed = 0;
  #cancelRetry: CancelTimer | null = null;
  /** Null until it has been said once. */
  #isConnected: boolean | null = null;
  #saidTrouble: string | null = null;
  #isStopped = false;
  #onFirstOutcome: () => void = () => {};

  constructor(address: BrokerAddress, options: MqttTelemetryOptions) {
    this.#address = address;
    this.#options = options;
    this.#limits = { ...defaultMqttTelemetryLimits, ...options.limits };
  }

  /** Resolves when the first attempt has succeeded or failed. */
  start(filters: readonly string[], receiver: TelemetryReceiver): Promise<void> {
    if (this.#receiver !== null) throw new Error('telemetry was started twice');
    this.#filters = filters;
    this.#receiver = receiver;
    return new Promise((resolve) => {
      this.#onFirstOutcome = resolve;
      this.#connect();
    });
  }

  publish(topic: string, payload: string, options: { readonly isRetained: boolean }): boolean {
    const attempt = this.#attempt;
    if (attempt === null || this.#isConnected !== true) return false;
    if (attempt.publishesUnderWay >= this.#limits.publishesUnderWayMax) return false;
    attempt.publishesUnderWay += 1;
    attempt.client.publish(topic, payload, { qos: 1, retain: options.isRetained }, () => {
      attempt.publishesUnderWay -= 1;
    });
    return true;
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelRetry?.();
    const attempt = this.#attempt;
    this.#attempt = null;
    this.#changeConnection(false);
    this.#onFirstOutcome();
    if (attempt !== null) await this.#end(attempt.client);
  }

  #connect(): void {
    const client = this.#createClient();
    const attempt: Attempt = { client, publishesUnderWay: 0, trouble: null };
    this.#attempt = attempt;
    client.stream.on('error', (error) => (attempt.trouble ??= describeTrouble(error)));
    client.on('error', (error) => (attempt.trouble ??= describeTrouble(error)));
    client.on('connect', () => this.#subscribe(attempt));
    client.on('message', (topic, payload, packet) => {
      if (attempt === this.#attempt) this.#deliver(topic, payload, packet.retain);
    });
    client.on('close', () => {
      if (attempt === this.#attempt) this.#lost(attempt);
    });
  }

  #createClient(): MqttClient {
    const { will, tls } = this.#options;
    const limits = this.#limits;
    let hasLeftOut = false;
    const onOversizedMessage = (bytes: number): void => {
      if (!hasLeftOut) this.#say('warn', `leaves out messages that are too long (${bytes} bytes)`);
      hasLeftOut = true;
    };
    const openStream = (): ReturnType<typeof openBrokerStream> =>
      openBrokerStream(this.#address, { tls, limits, onOversizedMessage });
    return new MqttClient(openStream, {
      clientId: this.#clientId,
      protocolVersion: 4,
      clean: true,
      keepalive: limits.keepAliveSeconds,
      connectTimeout: limits.connectTimeoutMs,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      ...this.#login(),
      ...(will !== null && {
        will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: true },
      }),
    });
  }

  #login(): { username?: string; password?: string } {
    const userName = this.#options.userName ?? this.#address.userName;
    const password = this.#options.password ?? this.#address.password;
    return {
      ...(userName !== null && { username: userName }),
      ...(password !== null && { password }),
    };
  }

  /**
   * At most once (QoS 0): with a clean session the broker forgets us with the connection either way,
   * and brokers bound the unconfirmed messages of a subscriber (mosquitto: 20 at a time).
   */
  #subscribe(attempt: Attempt): void {
    if (attempt !== this.#attempt) return;
    if (this.#filters.length === 0) return this.#connected();
    const filters = [...this.#filters];
    attempt.client.subscribe(filters, { qos: 0 }, (error, _granted, answer) => {
      if (attempt !== this.#attempt) return;
      if (error === null) return this.#connected();
      const refused = filters.filter((_filter, index) => answer?.granted[index] === 128);
      const which = (refused.length > 0 ? refused : filters).join(' ');
      attempt.trouble ??= `the broker refuses the subscription to ${which}`;
      attempt.client.end(true);
    });
  }

  #connected(): void {
    this.#attemptsFailed = 0;
    this.#saidTrouble = null;
    this.#say('info', 'connected');
    this.#changeConnection(true);
    this.#onFirstOutcome();
  }

  #lost(attempt: Attempt): void {
    this.#attempt = null;
    const trouble = attempt.trouble ?? 'the broker closed the connection';
    if (trouble !== this.#saidTrouble) this.#say('warn', `not connected: ${trouble}; trying again`);
    this.#saidTrouble = trouble;
    this.#changeConnection(false);
    const delayMs = reconnectDelayMs(this.#attemptsFailed, this.#options.random());
    this.#attemptsFailed += 1;
    this.#cancelRetry = this.#options.clock.after(delayMs, () => this.#connect());
    this.#onFirstOutcome();
  }

  #deliver(topic: string, payload: Buffer, isRetained: boolean): void {
    this.#receiver?.receive({
      topic,
      payload: payload.length > payloadBytesMax ? null : payload.toString('utf8'),
      arrivedAt: this.#options.clock.now(),
      isRetained,
      clientId: null,
    });
  }

  #changeConnection(isConnected: boolean): void {
    if (this.#isConnected === isConnected) return;
    this.#isConnected = isConnected;
    this.#receiver?.connectionChanged(isConnected);
  }

  #say(level: 'info' | 'warn', what: string): void {
    this.#options.log.write(level, `broker ${describeAddress(this.#address)}: ${what}`);
  }

  /** Says goodbye, so that the last will is not published; hangs up if that takes too long. */
  #end(client: MqttClient): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => client.end(true, () => resolve()), this.#limits.stopTimeoutMs);
      client.end(!client.connected, () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
