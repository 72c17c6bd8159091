// The broker of a simulation: messages arrive at the moment they are handed over; what gets lost,
// delayed or doubled on the way is decided by whoever hands them over.

import type { Clock } from '../controller/ports/clock.ts';
import type { Telemetry, TelemetryReceiver } from '../controller/ports/telemetry.ts';

export interface PublishedMessage {
  readonly topic: string;
  readonly payload: string;
  readonly isRetained: boolean;
}

export class SimulatedTelemetry implements Telemetry {
  readonly #clock: Clock;
  #receiver: TelemetryReceiver | null = null;
  #isConnected = true;
  /** All that the controller has published, oldest first. Read by tests; bounded by their length. */
  readonly published: PublishedMessage[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(_filters: readonly string[], receiver: TelemetryReceiver): Promise<void> {
    this.#receiver = receiver;
    receiver.connectionChanged(this.#isConnected);
    return Promise.resolve();
  }

  publish(topic: string, payload: string, options: { readonly isRetained: boolean }): boolean {
    if (!this.#isConnected) return false;
    this.published.push({ topic, payload, isRetained: options.isRetained });
    return true;
  }

  stop(): Promise<void> {
    this.#receiver = null;
    return Promise.resolve();
  }

  /** Delivers a message, unless the connection is cut. */
  deliver(topic: string, payload: string, clientId: string | null = null): void {
    if (!this.#isConnected) return;
    const arrivedAt = this.#clock.now();
    this.#receiver?.receive({ topic, payload, arrivedAt, isRetained: false, clientId });
  }

  setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected;
    this.#receiver?.connectionChanged(isConnected);
  }
}
