// The controller's side of the embedded broker: its messages, without a network in between.

import type { Clock } from '../controller/ports/clock.ts';
import type { Telemetry, TelemetryReceiver } from '../controller/ports/telemetry.ts';
import { payloadBytesMax } from '../wire/report.ts';
import type { EmbeddedBroker } from './embedded-broker.ts';
import type { InProcessConnection } from './in-process-connection.ts';

/** Messages that may be on their way out at once; beyond, `publish` says no. */
const publishesUnderWayMax = 1_000;

export function createEmbeddedTelemetry(
  broker: EmbeddedBroker,
  clock: Pick<Clock, 'now'>,
): Telemetry {
  return new EmbeddedTelemetry(broker, clock);
}

/** One life: started once, stopped once. Ends with the broker; there is nothing to reconnect to. */
class EmbeddedTelemetry implements Telemetry {
  readonly #broker: EmbeddedBroker;
  readonly #clock: Pick<Clock, 'now'>;
  #connection: InProcessConnection | null = null;

  constructor(broker: EmbeddedBroker, clock: Pick<Clock, 'now'>) {
    this.#broker = broker;
    this.#clock = clock;
  }

  async start(filters: readonly string[], receiver: TelemetryReceiver): Promise<void> {
    if (this.#connection !== null) throw new Error('telemetry was started twice');
    const connection = this.#broker.connectInProcess();
    this.#connection = connection;
    connection.onEnd(() => receiver.connectionChanged(false));
    receiver.connectionChanged(true);
    connection.subscribe(filters, ({ topic, payload, clientId }) => {
      receiver.receive({
        topic,
        payload: readPayload(payload),
        arrivedAt: this.#clock.now(),
        isRetained: false,
        clientId,
      });
    });
    for (const { topic, payload } of connection.retainedUnder(filters)) {
      receiver.receive({
        topic,
        payload: readPayload(payload),
        arrivedAt: this.#clock.now(),
        isRetained: true,
        clientId: null,
      });
    }
  }

  publish(topic: string, payload: string, options: { readonly isRetained: boolean }): boolean {
    const connection = this.#connection;
    if (connection === null || !connection.isOpen) return false;
    if (connection.publishesUnderWay >= publishesUnderWayMax) return false;
    connection.publish(topic, payload, options.isRetained);
    return true;
  }

  async stop(): Promise<void> {
    this.#connection?.end();
  }
}

/** Null for what is too long to be a message of ours. */
function readPayload(payload: Buffer): string | null {
  return payload.length > payloadBytesMax ? null : payload.toString('utf8');
}
