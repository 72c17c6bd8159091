// The events that outsiders follow with a cursor: what became of which instance, when.

import type { HookTransition } from './lifecycle-hook.ts';
import type { EpochMs } from './time.ts';

interface InstanceHappening {
  readonly at: EpochMs;
  readonly groupName: string;
  readonly instanceId: string;
}

export type CloudEvent =
  | (InstanceHappening & {
      /** `launched`: asked of EC2; `running`: billed; `warmed`: at rest in the warm pool. */
      readonly kind:
        | 'launched'
        | 'running'
        | 'in-service'
        | 'warmed'
        | 'standby'
        | 'detached'
        | 'terminating'
        | 'terminated'
        /** EC2 wants a Spot instance back: soon, perhaps; in two minutes, for certain. */
        | 'rebalance-recommendation'
        | 'spot-interruption-notice';
    })
  | (InstanceHappening & {
      readonly kind: 'lifecycle-action';
      readonly hookName: string;
      readonly token: string;
      readonly transition: HookTransition;
      readonly origin: string;
      readonly destination: string;
    })
  | {
      readonly kind: 'launch-failed';
      readonly at: EpochMs;
      readonly groupName: string;
      readonly reason: string;
    };

/** Where a reader of the history is: the number of the next event it has not seen. */
export type HistoryCursor = number;

export interface HistoryPage {
  readonly events: readonly CloudEvent[];
  readonly cursor: HistoryCursor;
  /** Events that were dropped before this reader asked for them. */
  readonly lostCount: number;
}

/** How many events are kept for readers that fall behind. */
export const HISTORY_MAX_EVENTS = 100_000;

export class History {
  readonly #events: CloudEvent[];
  #firstNumber: HistoryCursor;

  /** Goes on where another history's page, read from its start, ended. */
  constructor(page?: HistoryPage) {
    this.#events = [...(page?.events ?? [])];
    this.#firstNumber = (page?.cursor ?? 0) - this.#events.length;
  }

  record(event: CloudEvent): void {
    this.#events.push(event);
    // Dropping half at a time keeps the cost of dropping constant on average.
    if (this.#events.length > 2 * HISTORY_MAX_EVENTS) {
      this.#events.splice(0, HISTORY_MAX_EVENTS);
      this.#firstNumber += HISTORY_MAX_EVENTS;
    }
  }

  /** Returns what has happened since the cursor, and the cursor to ask with next time. */
  since(cursor: HistoryCursor): HistoryPage {
    const lostCount = Math.max(0, this.#firstNumber - cursor);
    const events = this.#events.slice(Math.max(0, cursor - this.#firstNumber));
    return { events, cursor: this.#firstNumber + this.#events.length, lostCount };
  }
}
