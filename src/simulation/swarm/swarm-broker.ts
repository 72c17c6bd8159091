// The broker between the instances and the controller: it loses, doubles and delays messages, keeps
// retained ones, publishes last wills, and is restarted.

import type { Telemetry, TelemetryReceiver } from '../../controller/ports/telemetry.ts';
import { controllerTopic } from '../../wire/topics.ts';
import { drawBetween, drawUniform, type Random } from '../random.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Life } from './life.ts';

/** How long the broker takes to notice that a client is gone, and publishes its last will. */
export const willAfterMs = 4000;

export interface NetworkTrouble {
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  readonly lateMsMax: number;
}

/** What an instance published, and when by the true clock it was sampled; null for a status. */
export interface SentMessage {
  readonly topic: string;
  readonly payload: string;
  readonly isRetained: boolean;
  readonly sample: Sample | null;
}

export interface Sample {
  readonly instance: string;
  readonly ageMs: number;
  readonly signals: Readonly<Record<string, number>>;
}

interface Session {
  readonly life: Life;
  readonly receiver: TelemetryReceiver;
  isConnected: boolean;
}

export class SwarmBroker {
  trouble: NetworkTrouble | null = null;
  #isUp = true;
  #isControllerCutOff = false;
  readonly #retained = new Map<string, string>();
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #onArrival: (sample: Sample) => void;
  #session: Session | null = null;

  constructor(clock: VirtualClock, random: Random, onArrival: (sample: Sample) => void) {
    this.#clock = clock;
    this.#random = random;
    this.#onArrival = onArrival;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  get isControllerConnected(): boolean {
    return this.#session?.isConnected ?? false;
  }

  setUp(isUp: boolean): void {
    this.#isUp = isUp;
    this.#reach();
  }

  setControllerCutOff(isCutOff: boolean): void {
    this.#isControllerCutOff = isCutOff;
    this.#reach();
  }

  /** What was retained is gone, as after a restart without a disk. */
  forget(): void {
    this.#retained.clear();
  }

  /** From an instance that is connected. */
  publish(message: SentMessage): void {
    if (!this.#isUp) return;
    const { topic, payload, isRetained } = message;
    if (isRetained) this.#retained.set(topic, payload);
    const copies = this.#meets('doubled') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#send(message);
  }

  /** The controller's end of it. */
  openFor(life: Life): Telemetry {
    return {
      start: (_filters, receiver) => {
        this.#session = { life, receiver, isConnected: false };
        receiver.connectionChanged(false);
        this.#reach();
        return Promise.resolve();
      },
      publish: (topic, payload, { isRetained }) => {
        if (!this.isControllerConnected || !life.isAlive) return false;
        if (isRetained) this.#retained.set(topic, payload);
        // It is subscribed to its own topic: an echo.
        this.#deliver({ topic, payload, isRetained: false, sample: null });
        return true;
      },
      stop: () => Promise.resolve(),
    };
  }

  /** The controller's process is gone: its last will gives the group up. */
  lose(group: string): void {
    this.#session = null;
    this.#clock.after(willAfterMs, () => void this.#retained.delete(controllerTopic(group)));
  }

  #reach(): void {
    const session = this.#session;
    if (session === null) return;
    const isConnected = this.#isUp && !this.#isControllerCutOff;
    if (session.isConnected === isConnected) return;
    session.isConnected = isConnected;
    session.receiver.connectionChanged(isConnected);
    if (!isConnected) return;
    for (const [topic, payload] of this.#retained) {
      this.#deliver({ topic, payload, isRetained: true, sample: null });
    }
  }

  #send(message: SentMessage): void {
    if (this.#meets('lost')) return;
    const live = { ...message, isRetained: false };
    if (!this.#meets('late')) return this.#deliver(live);
    const delayMs = drawBetween(this.#random, 1, this.trouble?.lateMsMax ?? 1);
    this.#clock.after(delayMs, () => this.#deliver(live));
  }

  #meets(what: 'lost' | 'doubled' | 'late'): boolean {
    return this.trouble !== null && drawUniform(this.#random) < this.trouble[what];
  }

  #deliver({ topic, payload, isRetained, sample }: SentMessage): void {
    const session = this.#session;
    if (session === null || !session.isConnected || !session.life.isAlive) return;
    if (sample !== null) this.#onArrival(sample);
    const arrivedAt = session.life.clock.now();
    session.receiver.receive({ topic, payload, arrivedAt, isRetained, clientId: null });
  }
}
