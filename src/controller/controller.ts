// The controller's lifetime: it starts, ticks, and stops. What is decided is
// the core's; what is written and called is behind ports; this file only says when.
// size: one lifetime; its parts are in files of their own, and this is the order they run in.

import { groupFilters } from '../wire/topics.ts';
import { ActivityWatch } from './activity-watch.ts';
import { Actor, type PendingAct } from './actor.ts';
import { Counters } from './counters.ts';
import { Describer } from './describer.ts';
import { EarlyTicks } from './early-ticks.ts';
import { ForecastKeeper } from './forecast-keeper.ts';
import type { GroupSettings } from './group-settings.ts';
import { blockMs } from './history-recorder.ts';
import { GroupMemory } from './group-memory.ts';
import { Inbox } from './inbox.ts';
import { ManagedGroup } from './managed-group.ts';
import { orderGroups, planGroups } from './plan-groups.ts';
import { MessageRouter, type LoadTopic } from './message-router.ts';
import { Ownership } from './ownership.ts';
import type { Announcer } from './ports/announcer.ts';
import type { Clock } from './ports/clock.ts';
import { NativeSetter } from './native-setter.ts';
import type { Log } from './ports/log.ts';
import type { ModelFitter } from './ports/model-fitter.ts';
import type { NativeScaling } from './ports/native-scaling.ts';
import type { ScalingActivities } from './ports/scaling-activities.ts';
import type { ScalingTarget } from './ports/scaling-target.ts';
import type { Store } from './ports/store.ts';
import type { Telemetry } from './ports/telemetry.ts';
import { readForecasts } from './read-forecasts.ts';
import { SourceReader } from './source-reader.ts';
import { Ticker } from './ticker.ts';
import { Wishes } from './wishes.ts';

/** How often every group is decided about. */
export const tickMs = 1000;
/** How often a snapshot of each group's state enters the journal. */
const snapshotEveryMs = 600_000;

export interface ControllerOptions {
  /** A name that tells this controller from any other. */
  readonly id: string;
  readonly groups: readonly GroupSettings[];
  readonly loadTopics: readonly LoadTopic[];
  /**
   * Whether it listens to every group's topics, so that a group's name written wrongly shows in the
   * counts, or to its own groups' alone, as where several controllers share a broker.
   */
  readonly hearsOthers: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly target: ScalingTarget;
  /** What groups did lately. Absent: failed launches are not seen, and changes have no author. */
  readonly activities?: ScalingActivities;
  readonly announcer?: Announcer;
  /** AWS's own policies. Absent: none that should be in charge is looked after. */
  readonly native?: NativeScaling;
  readonly telemetry: Telemetry;
  readonly store: Store;
  /** Absent: forecasts do without the experts that have to be fitted. */
  readonly fitter?: ModelFitter;
}

export class Controller {
  readonly counters = new Counters();
  readonly wishes: Wishes;
  readonly sources: SourceReader;
  readonly forecasts: ForecastKeeper;
  readonly #groups: Map<string, ManagedGroup>;
  readonly #options: ControllerOptions;
  readonly #inbox: Inbox;
  readonly #router: MessageRouter;
  readonly #describer: Describer;
  readonly #activityWatch: ActivityWatch | null;
  readonly #nativeSetter: NativeSetter | null;
  readonly #actor: Actor;
  readonly #ownership: Ownership;
  readonly #memory: GroupMemory;
  readonly #ticker: Ticker;
  #isConnected = false;
  #isStopped = false;
  readonly #early: EarlyTicks;
  #snapshotAt: number;
  #historyAt: number;
  #isWritingModels = false;
  /** Work that a stop waits for. */
  readonly #open = new Set<Promise<unknown>>();

  constructor(options: ControllerOptions) {
    this.#options = options;
    const { clock, log, telemetry, store } = options;
    const groups = options.groups.map((settings) => new ManagedGroup(settings));
    this.#groups = new Map(groups.map((group) => [group.group.name, group]));
    this.#snapshotAt = clock.now() + snapshotEveryMs;
    this.#historyAt = clock.now() + blockMs;
    this.#inbox = new Inbox({
      elapsedMs: () => clock.elapsedMs(),
      onArrival: () => this.#early.schedule(),
      onConnection: (isConnected) => this.#connectionChanged(isConnected),
    });
    this.#early = new EarlyTicks({
      clock,
      drain: () => this.#drain(),
      tick: (ready) => {
        counters.earlyTicks += 1;
        this.#tickGroups(ready);
      },
    });
    const { counters } = this;
    const { journal, leases } = store;
    this.#ownership = new Ownership({
      controller: options.id,
      groups: this.#groups,
      clock,
      log,
      leases,
      telemetry,
    });
    this.#describer = new Describer(this.#groups, options);
    const { activities } = options;
    this.#activityWatch =
      activities === undefined ? null : new ActivityWatch(this.#groups, { activities, clock, log });
    const { native } = options;
    this.#nativeSetter =
      native === undefined ? null : new NativeSetter(this.#groups, { native, clock, log });
    this.#router = new MessageRouter({
      groups: this.groups,
      loadTopics: options.loadTopics,
      ownership: this.#ownership,
      counters,
      onStranger: (group) => this.#describer.expedite(group),
    });
    this.#actor = new Actor({
      ...options,
      journal,
      counters,
      onJournalHealed: () => this.#keep(this.#writeSnapshots()),
      onConcluded: (group) => this.#describer.expedite(group),
    });
    this.forecasts = new ForecastKeeper(options);
    this.#memory = new GroupMemory(options, this.forecasts, (entries) =>
      this.#actor.journal(entries),
    );
    this.wishes = new Wishes(this.groups, {
      overrides: store.overrides,
      modes: store.modes,
      clock,
      log,
      writeConfig: (group) => this.#memory.writeConfigs([group]),
      // A wish is carried out at once, not at the next tick.
      onGranted: (group) => {
        if (group.heldBy === null) this.#tickGroups([group]);
      },
    });
    this.sources = new SourceReader({
      groups: this.#groups,
      clock,
      log,
      onReading: (group) => this.#early.expedite(group),
    });
    this.#ticker = new Ticker(clock, tickMs, (skipped) => {
      counters.ticksSkipped += skipped;
      this.#tick();
    });
  }

  get groups(): ReadonlyMap<string, ManagedGroup> {
    return this.#groups;
  }

  get isConnected(): boolean {
    return this.#isConnected;
  }

  get isJournalWritable(): boolean {
    return this.#actor.isJournalWritable;
  }

  /** Recovers, connects, describes every group once, and begins to tick. */
  async start(): Promise<void> {
    const memory = { withMemory: true };
    for (const group of this.groups.values()) await this.#memory.recover(group, memory);
    const { loadTopics, hearsOthers } = this.#options;
    const names = hearsOthers ? [null] : [...this.groups.keys()];
    const filters = [...names.flatMap(groupFilters), ...loadTopics.map(({ topic }) => topic)];
    await this.#options.telemetry.start(filters, this.#inbox);
    await this.#ownership.renew();
    await this.#writeSnapshots();
    // Not awaited: an AWS that hangs must not keep the others from starting.
    this.#keep(this.#describer.poll());
    this.sources.start();
    this.#followForecasts();
    this.#ticker.start();
  }

  /**
   * Takes over other settings. Groups that stay keep their state, history and reports; those that
   * are gone are given up; new ones, and those that are another Auto Scaling group now, begin anew.
   * One call at a time. A controller that hears its own groups' topics alone hears no new ones.
   */
  async reconfigure(settings: readonly GroupSettings[]): Promise<void> {
    const plan = planGroups(this.#groups, settings);
    // At one moment: no tick sees one group changed and another not.
    for (const { name } of plan.removed) this.#groups.delete(name);
    const byHand = plan.kept.map(({ group }) => ({ group, mode: group.modeByHand }));
    for (const { group, settings: wanted } of plan.kept) group.reconfigure(wanted);
    const dismissed = Promise.all(plan.removed.map(({ group }) => this.#ownership.dismiss(group)));
    const changed = plan.kept.filter(({ isChanged }) => isChanged);
    await this.#memory.writeConfigs(changed.map(({ group }) => group));
    for (const { group, mode } of byHand) {
      const isOver = mode !== null && group.modeByHand === null;
      if (isOver) await this.#memory.forgetMode(group, mode);
    }
    await dismissed;
    for (const { group } of plan.removed) {
      this.#early.forget(group);
      await this.#memory.writeHistory(group, Number.POSITIVE_INFINITY);
      await this.#memory.writeModel(group, this.#options.clock.now());
    }
    await this.#memory.writeSnapshots(plan.removed.map(({ group }) => group));
    for (const { settings: wanted, isReplacement } of plan.added) {
      const group = new ManagedGroup(wanted);
      // What is remembered of another Auto Scaling group says nothing of this one.
      await this.#memory.recover(group, { withMemory: !isReplacement });
      await this.#memory.writeSnapshots([group]);
      if (this.#isStopped) return;
      this.#groups.set(wanted.group.name, group);
      await this.#ownership.take(group);
    }
    orderGroups(this.#groups, settings);
    this.sources.follow();
    this.#followForecasts();
  }

  /** Finishes what is on its way and gives the groups up. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#ticker.stop();
    this.sources.stop();
    this.#early.stop();
    await Promise.allSettled(this.#open);
    await this.#writeHistory(Number.POSITIVE_INFINITY);
    await this.#writeSnapshots();
    await this.forecasts.stop();
    const now = this.#options.clock.now();
    for (const group of this.groups.values()) await this.#memory.writeModel(group, now);
    await this.#ownership.release();
    await this.#options.telemetry.stop();
  }

  #connectionChanged(isConnected: boolean): void {
    if (isConnected === this.#isConnected || this.#isStopped) return;
    this.#isConnected = isConnected;
    const message = isConnected
      ? 'connected to the broker'
      : 'the broker cannot be reached: holding what there is, adding on nothing, trying again';
    this.#options.log.write(isConnected ? 'info' : 'warn', message);
  }

  #tick(): void {
    const startedElapsedMs = this.#options.clock.elapsedMs();
    this.#drain();
    this.#keep(this.#describer.poll());
    if (this.#activityWatch !== null) this.#keep(this.#activityWatch.poll());
    if (this.#nativeSetter !== null) this.#keep(this.#nativeSetter.poll());
    this.#keep(this.#ownership.renew());
    this.#tickGroups([...this.groups.values()]);
    this.counters.ticks += 1;
    this.counters.tickMs.add(this.#options.clock.elapsedMs() - startedElapsedMs);
    const now = this.#options.clock.now();
    if (now >= this.#historyAt) this.#keep(this.#writeHistory(now));
    if (!this.#isWritingModels) this.#writeModels(now);
    if (now >= this.#snapshotAt) this.#keep(this.#writeSnapshots());
  }

  /** Hands over what waits, and returns the groups whose readings it may have moved. */
  #drain(): ReadonlySet<ManagedGroup> {
    const { messages, dropped } = this.#inbox.drain();
    const touched = new Set<ManagedGroup>();
    for (const { message, receivedElapsedMs } of messages) {
      const group = this.#router.route(message);
      if (group === null) continue;
      group.arrivedElapsedMs = receivedElapsedMs;
      touched.add(group);
    }
    if (dropped > 0) this.#router.countDropped(dropped);
    return touched;
  }

  #tickGroups(groups: readonly ManagedGroup[]): void {
    const { clock } = this.#options;
    const now = clock.now();
    const surroundings = {
      telemetry: this.#isConnected ? 'connected' : 'broker-down',
      isJournalWritable: this.#actor.isJournalWritable,
    } as const;
    const acts: PendingAct[] = [];
    for (const group of groups) {
      group.lastTickElapsedMs = clock.elapsedMs();
      readForecasts(group, this.forecasts, now);
      const entry = group.tick(now, surroundings);
      this.counters.decisions[entry.decision.kind] += 1;
      this.forecasts.noteServing(group.group.name, now, countServing(group));
      acts.push({ group, entry, arrivedElapsedMs: group.arrivedElapsedMs });
      group.arrivedElapsedMs = null;
    }
    this.#keep(this.#actor.carryOut(acts));
  }

  async #writeHistory(now: number): Promise<void> {
    this.#historyAt = now + blockMs;
    for (const group of this.groups.values()) await this.#memory.writeHistory(group, now);
    this.forecasts.fitDue();
    await this.forecasts.saveDue();
  }

  #followForecasts(): void {
    const groups = [...this.groups.values()];
    this.forecasts.follow(
      new Map(groups.map(({ group, settings }) => [group.name, settings.forecast ?? null])),
    );
    // Not kept among what a stop waits for: it goes on for minutes, and gives up by itself.
    void this.forecasts.learnPast();
  }

  async #writeSnapshots(): Promise<void> {
    this.#snapshotAt = this.#options.clock.now() + snapshotEveryMs;
    await this.#memory.writeSnapshots([...this.groups.values()]);
  }

  /** One after another: a store that hangs is not given more of them. */
  #writeModels(now: number): void {
    const writing = this.#memory.writeModels([...this.groups.values()], now).finally(() => {
      this.#isWritingModels = false;
    });
    this.#isWritingModels = true;
    this.#keep(writing);
  }

  #keep(work: Promise<unknown>): void {
    const kept = work
      .catch((error: unknown) => {
        // Ports do not reject, so this is a bug of ours; the loop outlives it, and says so.
        this.#options.log.write('error', `internal error: ${String(error)}`);
      })
      .finally(() => this.#open.delete(kept));
    this.#open.add(kept);
  }
}

/** Those whose reports are in the means of the history. */
function countServing({ lastFleet }: ManagedGroup): number {
  return lastFleet === null ? 0 : lastFleet.warmed + lastFleet.warming;
}
