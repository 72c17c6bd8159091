// The agent's side of the wire: tells the broker what the instance is and what was sampled, sends
// again what was lost on the way, and hands over the commands that come back.

import { parseCommand, type Command } from '../wire/command.ts';
import type { InstanceState, InstanceStatus } from '../wire/status.ts';
import { instanceTopic } from '../wire/topics.ts';
import type { CancelTimer } from './clock.ts';
import { describeBroker, describeEnd } from './describe-end.ts';
import type { Log, TroubleLog } from './log.ts';
import { MqttClient, type MqttClientPorts } from './mqtt/mqtt-client.ts';
import { keepAliveSeconds, type AgentOptions } from './options.ts';
import { Outbox, type Sample } from './outbox.ts';
import { hashName } from './sampler.ts';
import { agentVersion } from './version.ts';

/** How long a stopping agent waits until the broker has its last status. */
export const farewellMsMax = 1_000;

export interface UplinkPorts extends MqttClientPorts {
  readonly log: Log;
  readonly troubles: TroubleLog;
  onCommand(command: Command): void;
}

export class Uplink {
  #state: InstanceState = 'online';
  #intervalMs: number;
  /** Whether the broker may not have the present status yet. */
  #isStatusDue = true;
  #deliveredCount = 0;
  #onStatusTold: () => void = () => {};
  readonly #session: string;
  readonly #options: AgentOptions;
  readonly #ports: UplinkPorts;
  readonly #troubles: TroubleLog;
  readonly #outbox: Outbox;
  readonly #client: MqttClient;
  readonly #reportTopic: string;
  readonly #statusTopic: string;

  constructor(options: AgentOptions, session: string, ports: UplinkPorts) {
    const { group, instance } = options.identity;
    this.#options = options;
    this.#ports = ports;
    this.#session = session;
    this.#intervalMs = options.intervalMs;
    this.#troubles = ports.troubles;
    this.#outbox = new Outbox(options.outboxMs);
    this.#reportTopic = instanceTopic('report', group, instance);
    this.#statusTopic = instanceTopic('status', group, instance);
    this.#client = this.#makeClient(instanceTopic('command', group, instance));
  }

  get waitingCount(): number {
    return this.#outbox.size;
  }

  get droppedCount(): number {
    return this.#outbox.droppedCount;
  }

  get deliveredCount(): number {
    return this.#deliveredCount;
  }

  get isUp(): boolean {
    return this.#client.isUp;
  }

  start(): void {
    this.#client.start();
  }

  /** Sends the sample now, or as soon as it can be. */
  offer(sample: Sample): void {
    const nowMs = this.#ports.clock.monotonicMs();
    const droppedBefore = this.#outbox.droppedCount;
    this.#outbox.add(sample, nowMs);
    if (this.#outbox.droppedCount > droppedBefore) {
      const seconds = this.#options.outboxMs / 1_000;
      this.#troubles.say('outbox', `samples older than ${seconds} s are lost`);
    }
    this.#pump();
  }

  tellState(state: InstanceState, intervalMs: number): void {
    this.#state = state;
    this.#intervalMs = intervalMs;
    this.#isStatusDue = true;
    this.#pump();
  }

  /** Says that the instance goes, waits a moment until the broker knows, and leaves. */
  async close(): Promise<void> {
    if (this.#client.isUp) {
      let cancel: CancelTimer = () => {};
      const told = new Promise<void>((resolve) => {
        this.#onStatusTold = resolve;
        cancel = this.#ports.clock.after(farewellMsMax, resolve);
      });
      this.tellState('offline', this.#intervalMs);
      await told;
      cancel();
    }
    await this.#client.close();
  }

  /** Sends what is to be sent while there is room: the status before any report. */
  #pump(): void {
    if (this.#isStatusDue && this.#client.hasRoom) this.#sendStatus();
    while (this.#client.hasRoom) {
      const sample = this.#outbox.take(this.#ports.clock.monotonicMs());
      if (sample === null) return;
      this.#sendReport(sample);
    }
  }

  #sendStatus(): void {
    this.#isStatusDue = false;
    const payload = Buffer.from(JSON.stringify(this.#describeStatus(this.#state)));
    const message = { topic: this.#statusTopic, payload, qos: 1, isRetained: true } as const;
    void this.#client.publish(message).then((outcome) => {
      if (outcome === 'acknowledged') this.#onStatusTold();
      else this.#isStatusDue = true;
    });
  }

  #sendReport(sample: Sample): void {
    const payload = Buffer.from(this.#describeReport(sample));
    const { qos } = this.#options;
    const message = { topic: this.#reportTopic, payload, qos, isRetained: false };
    void this.#client.publish(message).then((outcome) => {
      const isDelivered = outcome === 'acknowledged' || outcome === 'sent';
      this.#outbox.settle(sample, isDelivered);
      if (isDelivered) this.#deliveredCount += 1;
      if (this.#outbox.size === 0) this.#troubles.clear('outbox', 'all samples are delivered');
    });
  }

  /** A report as `src/wire/report.ts` reads it. Written by hand: it is the work of every second. */
  #describeReport({ sequence, sampledAtMs, signalsJson, workJson }: Sample): string {
    const { clock } = this.#ports;
    const ageMs = Math.max(0, Math.round(clock.monotonicMs() - sampledAtMs));
    const work = workJson === null ? '' : `"work":${workJson},`;
    return (
      `{"signals":${signalsJson},${work}"ageMs":${ageMs},"sequence":${sequence},` +
      `"session":"${this.#session}","sentAt":${clock.epochMs()},"intervalMs":${this.#intervalMs}}`
    );
  }

  #describeStatus(state: InstanceState): InstanceStatus {
    const { zone, instanceType, lifeCycle } = this.#options.identity;
    return {
      state,
      session: this.#session,
      agentVersion,
      intervalMs: this.#intervalMs,
      ...(zone !== undefined && { zone }),
      ...(instanceType !== undefined && { instanceType }),
      ...(lifeCycle !== undefined && { lifeCycle }),
    };
  }

  #makeClient(commandTopic: string): MqttClient {
    const { broker, identity, username, password } = this.#options;
    const { group, instance } = identity;
    const name = describeBroker(broker);
    return new MqttClient(
      {
        broker,
        clientId: this.#options.clientId ?? makeClientId(group, instance),
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
        keepAliveSeconds,
        will: {
          topic: this.#statusTopic,
          payload: JSON.stringify({ state: 'lost', session: this.#session }),
          qos: 1,
          isRetained: true,
        },
        topicFilters: [commandTopic],
      },
      this.#ports,
      {
        onUp: () => {
          this.#troubles.forget('broker');
          this.#ports.log.info(`connected to ${name}`);
          this.#isStatusDue = true;
          this.#pump();
        },
        onDown: (end) => this.#troubles.say('broker', describeEnd(end, name)),
        onRoom: () => this.#pump(),
        onMessage: ({ payload }) => this.#takeCommand(payload),
        onSubscriptionRefused: (topicFilter) =>
          this.#troubles.say('subscription', `${name} refuses the subscription to ${topicFilter}`),
      },
    );
  }

  #takeCommand(payload: Uint8Array): void {
    const command = parseCommand(Buffer.from(payload).toString('utf8'));
    if (command.ok) this.#ports.onCommand(command.value);
    else this.#troubles.say('command', `a command was rejected as ${command.reason}`);
  }
}

/**
 * The same for every start of the same agent, so that a broker ends the old connection of a machine
 * that came back. Short, as some brokers allow 128 bytes; the hash tells long names apart.
 */
export function makeClientId(group: string, instance: string): string {
  const readable = instance.replaceAll(/[^\w.-]/g, '_').slice(0, 64);
  const hash = hashName(`${group}/${instance}`).toString(16).padStart(8, '0');
  return `foretide-${readable}-${hash}`;
}
