// The agents on the instances: they report what their instance carries, keep reports while the broker
// is away, crash, start again under a new session, and leave last wills.

import type { Instance } from '../../cloud/instance.ts';
import { instanceTopic } from '../../wire/topics.ts';
import { drawBetween, drawUniform, type Random } from '../random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import { requestsPerInstance } from './scenario.ts';
import { willAfterMs, type Sample, type SwarmBroker } from './swarm-broker.ts';

/** Reports an agent keeps for a broker that is away. */
const outboxMax = 30;

interface Agent {
  readonly id: string;
  session: number;
  sequence: number;
  isCrashed: boolean;
  isPartitioned: boolean;
  isOnline: boolean;
  clockOffsetMs: number;
  nextAt: number;
  outbox: { readonly at: number; readonly signals: Sample['signals'] }[];
}

export interface AgentsOptions {
  readonly group: string;
  readonly broker: SwarmBroker;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly reportEveryMs: number;
}

export class SwarmAgents {
  readonly #options: AgentsOptions;
  readonly #agents = new Map<string, Agent>();
  #sessions = 0;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  /** Lets every agent of an instance in service do what is due. `load` in whole instances. */
  step(serving: readonly Instance[], load: number, noiseRatio: number): void {
    const ids = new Set(serving.map(({ id }) => id));
    for (const agent of this.#agents.values()) if (!ids.has(agent.id)) this.#end(agent);
    for (const { id } of serving) {
      const agent = this.#agents.get(id) ?? this.#begin(id);
      this.#connect(agent);
      const now = this.#options.clock.now();
      if (agent.isCrashed || now < agent.nextAt) continue;
      agent.nextAt = now + this.#options.reportEveryMs;
      this.#report(agent, this.#measure(load / serving.length, noiseRatio));
    }
  }

  /** That share of the agents crashes, and starts again later: returns how to start them. */
  crash(ratio: number): () => void {
    const crashed = this.#pick(ratio);
    for (const agent of crashed) {
      agent.isCrashed = true;
      agent.outbox = [];
      this.#leaveWill(agent);
    }
    return () => {
      for (const agent of crashed) {
        agent.isCrashed = false;
        this.#renew(agent);
      }
    };
  }

  partition(ratio: number): () => void {
    const parted = this.#pick(ratio);
    for (const agent of parted) {
      agent.isPartitioned = true;
      this.#leaveWill(agent);
    }
    return () => {
      for (const agent of parted) agent.isPartitioned = false;
    };
  }

  stepClocks(ratio: number, byMs: number): void {
    for (const agent of this.#pick(ratio)) agent.clockOffsetMs += byMs;
  }

  #pick(ratio: number): readonly Agent[] {
    return [...this.#agents.values()].filter(() => drawUniform(this.#options.random) < ratio);
  }

  #begin(id: string): Agent {
    const agent: Agent = {
      id,
      session: 0,
      sequence: 0,
      isCrashed: false,
      isPartitioned: false,
      isOnline: false,
      clockOffsetMs: 0,
      nextAt: 0,
      outbox: [],
    };
    this.#agents.set(id, agent);
    this.#renew(agent);
    return agent;
  }

  #renew(agent: Agent): void {
    this.#sessions += 1;
    agent.session = this.#sessions;
    agent.sequence = 0;
    agent.isOnline = false;
  }

  /** Half of the instances go without a word. */
  #end(agent: Agent): void {
    this.#agents.delete(agent.id);
    if (drawUniform(this.#options.random) < 0.5) this.#leaveWill(agent);
    else this.#say(agent, 'offline');
  }

  #connect(agent: Agent): void {
    const isReachable = this.#options.broker.isUp && !agent.isCrashed && !agent.isPartitioned;
    if (isReachable && !agent.isOnline) this.#say(agent, 'online');
    agent.isOnline = isReachable;
  }

  /** The will of the session that is lost; it may come after the next session has begun. */
  #leaveWill(agent: Agent): void {
    const { clock, random } = this.#options;
    const { session } = agent;
    const afterMs = drawBetween(random, 1, 3 * willAfterMs);
    clock.after(afterMs, () => this.#say({ ...agent, session }, 'lost'));
  }

  #say({ id, session }: Pick<Agent, 'id' | 'session'>, state: string): void {
    const { broker, group } = this.#options;
    const payload = JSON.stringify({ state, session: String(session) });
    const topic = instanceTopic('status', group, id);
    broker.publish({ topic, payload, isRetained: true, sample: null });
  }

  #measure(share: number, noiseRatio: number): Sample['signals'] {
    const noise = 1 + noiseRatio * (2 * drawUniform(this.#options.random) - 1);
    return { cpu: Math.min(1, share * noise), requests: share * noise * requestsPerInstance };
  }

  #report(agent: Agent, signals: Sample['signals']): void {
    const now = this.#options.clock.now();
    agent.outbox.push({ at: now, signals });
    if (agent.outbox.length > outboxMax) agent.outbox.shift();
    if (!agent.isOnline) return;
    const { broker, group, reportEveryMs: intervalMs } = this.#options;
    const topic = instanceTopic('report', group, agent.id);
    for (const { at, signals: measured } of agent.outbox) {
      agent.sequence += 1;
      const ageMs = now - at;
      const payload = JSON.stringify({
        signals: measured,
        ageMs,
        intervalMs,
        session: String(agent.session),
        sequence: agent.sequence,
        sentAt: now + agent.clockOffsetMs,
      });
      const sample = { instance: agent.id, ageMs, signals: measured };
      broker.publish({ topic, payload, isRetained: false, sample });
    }
    agent.outbox = [];
  }
}
