// Tells EventBridge of every decision that changes a size and of what came of it, for rules that call
// somebody, open a ticket or warm a cache.

import type { EventBridgeClient, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Announcer } from '../controller/ports/announcer.ts';
import type { Clock } from '../controller/ports/clock.ts';
import type { Log } from '../controller/ports/log.ts';
import { BatchSender, type SendOutcome } from './batch-sender.ts';
import { describeFailure, isRetryable } from './describe-failure.ts';

/** As rules name it in `source`. */
export const eventSource = 'foretide';
export const decisionEvent = 'Foretide Scaling Decision';
export const outcomeEvent = 'Foretide Scaling Outcome';

/** "Up to 10 entries": API reference of PutEvents. */
const entriesPerCallMax = 10;
const waitingMax = 10_000;

export interface EventPublisherOptions {
  /** A name or an ARN. */
  readonly bus: string;
  readonly client: () => Promise<EventBridgeClient>;
  readonly clock: Clock;
  readonly log: Log;
}

export class EventPublisher implements Announcer {
  readonly #options: EventPublisherOptions;
  readonly #sender: BatchSender<PutEventsRequestEntry>;

  constructor(options: EventPublisherOptions) {
    this.#options = options;
    const { clock, log } = options;
    this.#sender = new BatchSender({
      name: 'EventBridge',
      clock,
      log,
      batchMax: entriesPerCallMax,
      waitingMax,
      collectMs: 0,
      send: (batch) => this.#send(batch),
    });
  }

  decided: Announcer['decided'] = ({ acts, at, from, group, kind, to, wanted }, summary) => {
    this.#tell(decisionEvent, at, { group, kind, from, to, wanted, acts, summary });
  };

  concluded: Announcer['concluded'] = ({ at, from, group, kind, to }, actuation) => {
    const outcome = actuation.kind;
    const message = 'message' in actuation ? actuation.message : undefined;
    this.#tell(outcomeEvent, at, { group, kind, from, to, outcome, message });
  };

  async stop(): Promise<void> {
    await this.#sender.stop();
  }

  #tell(DetailType: string, at: number, detail: object): void {
    const told = { ...detail, at: new Date(at).toISOString() };
    const { bus } = this.#options;
    this.#sender.add([
      {
        Source: eventSource,
        DetailType,
        Detail: JSON.stringify(told),
        Time: new Date(at),
        EventBusName: bus,
      },
    ]);
  }

  /** Entries are taken or refused one by one. */
  async #send(
    batch: readonly PutEventsRequestEntry[],
  ): Promise<SendOutcome<PutEventsRequestEntry>> {
    try {
      const { PutEventsCommand } = await import('@aws-sdk/client-eventbridge');
      const client = await this.#options.client();
      const answer = await client.send(new PutEventsCommand({ Entries: [...batch] }));
      const refused = (answer.Entries ?? []).map(({ ErrorCode, ErrorMessage }) =>
        ErrorCode === undefined ? null : `${ErrorCode}: ${ErrorMessage ?? ''}`,
      );
      const message = refused.find((text) => text !== null);
      if (message === undefined || message === null) return { kind: 'taken' };
      return {
        kind: 'refused',
        left: batch.filter((_, index) => refused[index] !== null),
        message,
      };
    } catch (error) {
      const message = describeFailure(error);
      return isRetryable(error)
        ? { kind: 'refused', left: batch, message }
        : { kind: 'impossible', message };
    }
  }
}
