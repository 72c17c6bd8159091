// A telemetry receiver that writes down what it gets, and the clock that its telemetry runs on.

import type { Clock } from '../../src/controller/ports/clock.ts';
import type { ArrivedMessage, TelemetryReceiver } from '../../src/controller/ports/telemetry.ts';
import { until } from './raw-client.ts';

export class Recorder implements TelemetryReceiver {
  readonly messages: ArrivedMessage[] = [];
  readonly connections: boolean[] = [];

  receive(message: ArrivedMessage): void {
    this.messages.push(message);
  }

  connectionChanged(isConnected: boolean): void {
    this.connections.push(isConnected);
  }

  get isConnected(): boolean {
    return this.connections.at(-1) ?? false;
  }

  /** The next message that has not been taken; waits for it. */
  async next(): Promise<ArrivedMessage> {
    await until('a message arrives', () => this.messages.length > 0);
    const message = this.messages.shift();
    if (message === undefined) throw new Error('no message');
    return message;
  }

  async becomes(isConnected: boolean): Promise<void> {
    await until(`connected is ${isConnected}`, () => this.isConnected === isConnected);
  }
}

/** Shows one time; waits a twentieth of what it is asked to. */
export const hurriedClock: Clock = {
  now: () => 1_790_000_000_000,
  elapsedMs: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs / 20);
    return () => clearTimeout(timer);
  },
};
