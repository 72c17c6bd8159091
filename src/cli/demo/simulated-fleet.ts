// The demo's instances: for each one that the local cloud has in service, an agent's connection over
// which it really publishes, once a second of model time, its share of the demand.

import { systemClock } from '../../agent/clock.ts';
import { MqttClient } from '../../agent/mqtt/mqtt-client.ts';
import type { CancelTimer, Clock } from '../../controller/ports/clock.ts';
import { instanceTopic } from '../../wire/topics.ts';
import { demandAt, instanceCapacity } from './demo-load.ts';

const reportEveryMs = 1000;
/** Open connections per request a second: a request that is waited for takes a fifth of a second. */
const connectionsPerRate = 0.2;
/** How far one instance's share lies from another's, as a ratio. */
const unevenness = 0.06;

/** An instance as far as the demo needs to know it. */
export interface DemoInstance {
  readonly id: string;
  readonly isServing: boolean;
}

export interface SimulatedFleetOptions {
  readonly clock: Clock;
  readonly group: string;
  readonly broker: { readonly host: string; readonly port: number };
  /** The group's instances now. */
  readonly list: () => readonly DemoInstance[];
  /** When the traffic begins. */
  readonly startAt: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

interface SimulatedAgent {
  readonly client: MqttClient;
  readonly session: string;
  sequence: number;
}

export class SimulatedFleet {
  readonly #options: SimulatedFleetOptions;
  readonly #agents = new Map<string, SimulatedAgent>();
  #cancel: CancelTimer | null = null;
  /** Requests a second that arrive, and the share of them that finds no capacity. */
  demand = 0;
  unservedRatio = 0;

  constructor(options: SimulatedFleetOptions) {
    this.#options = options;
  }

  start(): void {
    this.#report();
    this.#cancel = this.#options.clock.after(reportEveryMs, () => this.start());
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    await Promise.all([...this.#agents.values()].map(({ client }) => client.close()));
  }

  #report(): void {
    const { clock, list, startAt } = this.#options;
    const serving = list().filter(({ isServing }) => isServing);
    this.#follow(serving);
    this.demand = demandAt(clock.now() - startAt);
    const capacity = serving.length * instanceCapacity;
    this.unservedRatio = this.demand === 0 ? 0 : Math.max(0, 1 - capacity / this.demand);
    const share = serving.length === 0 ? 0 : this.demand / serving.length;
    for (const { id } of serving) this.#publish(id, share);
  }

  #follow(serving: readonly DemoInstance[]): void {
    const ids = new Set(serving.map(({ id }) => id));
    for (const [id, agent] of this.#agents) {
      if (ids.has(id)) continue;
      this.#agents.delete(id);
      void agent.client.close();
    }
    for (const id of ids) if (!this.#agents.has(id)) this.#agents.set(id, this.#connect(id));
  }

  #connect(instance: string): SimulatedAgent {
    const { group, broker, random } = this.#options;
    const session = Math.floor(random() * 2 ** 32).toString(16);
    const topic = instanceTopic('status', group, instance);
    const will = {
      topic,
      payload: JSON.stringify({ state: 'lost', session }),
      qos: 1,
      isRetained: true,
    } as const;
    const client = new MqttClient(
      {
        broker: { ...broker, tls: null },
        clientId: instance,
        keepAliveSeconds: 30,
        will,
        topicFilters: [],
      },
      { clock: systemClock, random },
      {
        onUp: () =>
          void publish(client, topic, { state: 'online', session, agentVersion: 'demo' }, true),
        onDown: () => {},
        onMessage: () => {},
        onRoom: () => {},
        onSubscriptionRefused: () => {},
      },
    );
    client.start();
    return { client, session, sequence: 0 };
  }

  #publish(instance: string, evenShare: number): void {
    const agent = this.#agents.get(instance);
    if (agent === undefined || !agent.client.isUp) return;
    const { group, random, clock } = this.#options;
    const rate = evenShare * (1 + unevenness * (2 * random() - 1));
    agent.sequence += 1;
    const report = {
      signals: {
        cpu: Math.min(1, rate / instanceCapacity),
        connections: Math.round(rate * connectionsPerRate),
        requestsPerSecond: Math.min(rate, instanceCapacity),
      },
      session: agent.session,
      sequence: agent.sequence,
      intervalMs: reportEveryMs,
      sentAt: clock.now(),
    };
    void publish(agent.client, instanceTopic('report', group, instance), report, false);
  }
}

function publish(
  client: MqttClient,
  topic: string,
  message: object,
  isRetained: boolean,
): Promise<unknown> {
  const payload = Buffer.from(JSON.stringify(message));
  return client.publish({ topic, payload, qos: isRetained ? 1 : 0, isRetained });
}
