// The lifetime of one simulated cloud: its state, its time and what is due. Operations on it are
// functions in the other files; they act at the world's present, which only `advanceTo` moves.

import type { MeteredUse } from './billing.ts';
import { EventHeap } from './event-heap.ts';
import type { Group } from './group.ts';
import { handleEvent } from './handle-event.ts';
import type { CloudEvent, HistoryCursor, HistoryPage } from './history.ts';
import { History } from './history.ts';
import type { Instance } from './instance.ts';
import type { LaunchConfiguration, LaunchTemplate } from './launch-source.ts';
import type { KeyPair, Model } from './model.ts';
import type { ScheduledEvent } from './scheduled-event.ts';
import type { EpochMs } from './time.ts';
import type { WorldOptions } from './world-options.ts';
import { DEFAULT_WORLD_OPTIONS } from './world-options.ts';

export class World implements Model {
  readonly options: WorldOptions;
  readonly groups = new Map<string, Group>();
  readonly instances = new Map<string, Instance>();
  readonly launchTemplates = new Map<string, LaunchTemplate>();
  readonly launchConfigurations = new Map<string, LaunchConfiguration>();
  readonly keyPairs = new Map<string, KeyPair>();
  readonly subnetZones = new Map<string, string>();
  readonly meteredUse = new Map<string, MeteredUse>();
  readonly #due = new EventHeap<ScheduledEvent>();
  readonly #history = new History();
  #now: EpochMs;
  #lastNumber = 0;

  constructor(startsAt: EpochMs, options: Partial<WorldOptions> = {}) {
    this.#now = startsAt;
    this.options = { ...DEFAULT_WORLD_OPTIONS, ...options };
  }

  get now(): EpochMs {
    return this.#now;
  }

  /** When the next thing happens by itself, or `undefined` if nothing will. */
  nextEventAt(): EpochMs | undefined {
    return this.#due.nextAt();
  }

  /** Lets everything happen that is due by then. Costs nothing while nothing is due. */
  advanceTo(now: EpochMs): void {
    if (now < this.#now) {
      throw new RangeError(`the world is at ${this.#now} and cannot go back to ${now}`);
    }
    for (;;) {
      const at = this.#due.nextAt();
      if (at === undefined || at > now) break;
      const entry = this.#due.pop();
      if (entry === undefined) break;
      this.#now = entry.at;
      handleEvent(this, entry.event);
    }
    this.#now = now;
  }

  /** What happened to instances since the cursor; start with cursor 0. */
  eventsSince(cursor: HistoryCursor): HistoryPage {
    return this.#history.since(cursor);
  }

  takeNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }

  schedule(at: EpochMs, event: ScheduledEvent): void {
    this.#due.push(Math.max(at, this.#now), event);
  }

  record(event: CloudEvent): void {
    this.#history.record(event);
  }
}
