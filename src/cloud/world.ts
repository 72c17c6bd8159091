// The lifetime of one simulated cloud: its state, its time and what is due. Operations on it are
// functions in the other files; they act at the world's present, which only `advanceTo` moves.

import type { MeteredUse } from './billing.ts';
import { scheduleTargetTracking } from './define-policies.ts';
import type { HeapState } from './event-heap.ts';
import { EventHeap } from './event-heap.ts';
import type { Group } from './group.ts';
import { handleEvent } from './handle-event.ts';
import type { CloudEvent, HistoryCursor, HistoryPage } from './history.ts';
import { History } from './history.ts';
import type { Instance } from './instance.ts';
import type { LaunchConfiguration, LaunchTemplate } from './launch-source.ts';
import type { DeletedGroup, KeyPair, Model } from './model.ts';
import type { PolicyAlarms } from './policy-alarms.ts';
import type { TimeZones } from './zoned-cron.ts';
import type { ScheduledEvent } from './scheduled-event.ts';
import type { MetricSource } from './target-tracking.ts';
import type { EpochMs } from './time.ts';
import type { WorldOptions } from './world-options.ts';
import { DEFAULT_WORLD_OPTIONS } from './world-options.ts';

/** Everything that a world is made of; maps and sets, but no functions. */
export interface WorldState {
  readonly now: EpochMs;
  readonly options: WorldOptions;
  readonly groups: Map<string, Group>;
  readonly instances: Map<string, Instance>;
  readonly launchTemplates: Map<string, LaunchTemplate>;
  readonly launchConfigurations: Map<string, LaunchConfiguration>;
  readonly keyPairs: Map<string, KeyPair>;
  readonly subnetZones: Map<string, string>;
  readonly meteredUse: Map<string, MeteredUse>;
  readonly groupGenerations: Map<string, number>;
  readonly deletedGroups: DeletedGroup[];
  readonly due: HeapState<ScheduledEvent>;
  readonly history: HistoryPage;
  readonly lastNumber: number;
}

export class World implements Model {
  readonly options: WorldOptions;
  readonly groups: Map<string, Group>;
  readonly instances: Map<string, Instance>;
  readonly launchTemplates: Map<string, LaunchTemplate>;
  readonly launchConfigurations: Map<string, LaunchConfiguration>;
  readonly keyPairs: Map<string, KeyPair>;
  readonly subnetZones: Map<string, string>;
  readonly meteredUse: Map<string, MeteredUse>;
  readonly groupGenerations: Map<string, number>;
  readonly deletedGroups: DeletedGroup[];
  readonly #due: EventHeap<ScheduledEvent>;
  readonly #history: History;
  #now: EpochMs;
  #metrics: MetricSource | undefined;
  #alarms: PolicyAlarms | undefined;
  #zones: TimeZones | undefined;
  #lastNumber: number;

  constructor(startsAt: EpochMs, options: Partial<WorldOptions> = {}, state?: WorldState) {
    this.#now = state?.now ?? startsAt;
    this.options = state?.options ?? { ...DEFAULT_WORLD_OPTIONS, ...options };
    this.groups = state?.groups ?? new Map();
    this.instances = state?.instances ?? new Map();
    this.launchTemplates = state?.launchTemplates ?? new Map();
    this.launchConfigurations = state?.launchConfigurations ?? new Map();
    this.keyPairs = state?.keyPairs ?? new Map();
    this.subnetZones = state?.subnetZones ?? new Map();
    this.meteredUse = state?.meteredUse ?? new Map();
    this.groupGenerations = state?.groupGenerations ?? new Map();
    this.deletedGroups = state?.deletedGroups ?? [];
    this.#due = new EventHeap(state?.due);
    this.#history = new History(state?.history);
    this.#lastNumber = state?.lastNumber ?? 0;
  }

  /** Takes the state over: it must not be used elsewhere. */
  static fromState(state: WorldState): World {
    for (const group of state.groups.values()) {
      group.openActivities.clear();
      for (const activity of group.activities) {
        if (activity.endedAt === undefined) group.openActivities.set(activity.id, activity);
      }
    }
    return new World(state.now, {}, state);
  }

  /** The state as it is, not a copy; see snapshot.ts for what can be kept. */
  exportState(): WorldState {
    return {
      now: this.#now,
      options: this.options,
      groups: this.groups,
      instances: this.instances,
      launchTemplates: this.launchTemplates,
      launchConfigurations: this.launchConfigurations,
      keyPairs: this.keyPairs,
      subnetZones: this.subnetZones,
      meteredUse: this.meteredUse,
      groupGenerations: this.groupGenerations,
      deletedGroups: this.deletedGroups,
      due: this.#due.exportState(),
      history: this.#history.since(0),
      lastNumber: this.#lastNumber,
    };
  }

  get now(): EpochMs {
    return this.#now;
  }

  get metrics(): MetricSource | undefined {
    return this.#metrics;
  }

  /** Lets target tracking read its metrics there, from now on and at its own rhythm. */
  attachMetrics(source: MetricSource): void {
    this.#metrics = source;
    for (const group of this.groups.values()) scheduleTargetTracking(this, group);
  }

  get zones(): TimeZones | undefined {
    return this.#zones;
  }

  attachZones(zones: TimeZones): void {
    this.#zones = zones;
  }

  get alarms(): PolicyAlarms | undefined {
    return this.#alarms;
  }

  /**
   * Lets target tracking policies that are put from now on have alarms there, whose actions bring
   * them back. Instead of `attachMetrics`, which evaluates without alarms.
   */
  attachAlarms(alarms: PolicyAlarms): void {
    this.#alarms = alarms;
  }

  /** When the next thing happens by itself, or `undefined` if nothing will. */
  nextEventAt(): EpochMs | undefined {
    return this.#due.nextAt();
  }

  /** Lets everything happen that is due by then. Costs nothing while nothing is due. */
  advanceTo(now: EpochMs): void {
    if (!(now >= this.#now)) {
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
