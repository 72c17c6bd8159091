// What a group's past is kept in, and how one that begins takes it up again: configs and snapshots in
// the journal, overrides, the history of its signals. Says when nothing.

import type { EpochMs } from '../core/time.ts';
import type { ForecastKeeper } from './forecast-keeper.ts';
import { isInForce } from './hand-mode.ts';
import { blockMs } from './history-recorder.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { HandMode, JournalEntry, Store } from './ports/store.ts';
import { relivePast } from './demand-past.ts';
import { recoverSpending } from './recover-spending.ts';

/** How far back a model is made of the history: its own memory. */
const pastMs = 7 * 86_400_000;
/** Reliving takes a second for so much of the past: at a start, no group has more of it than this. */
const startPastMs = 2 * pastMs;
/** As the controller's. */
const tickMs = 1000;
/** What was learned is written down this often, group after group. */
const modelsEveryMs = 600_000;

export interface MemoryPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

export class GroupMemory {
  readonly #ports: MemoryPorts;
  readonly #forecasts: ForecastKeeper;
  readonly #journal: (entries: readonly JournalEntry[]) => Promise<boolean>;

  readonly #modelAt = new WeakMap<ManagedGroup, EpochMs>();
  /** Of the past, what may yet be relived before the groups begin. */
  #relivableMs = startPastMs;

  /** `journal` appends, and says by itself when it cannot. */
  constructor(
    ports: MemoryPorts,
    forecasts: ForecastKeeper,
    journal: (entries: readonly JournalEntry[]) => Promise<boolean>,
  ) {
    this.#ports = ports;
    this.#forecasts = forecasts;
    this.#journal = journal;
  }

  /** Without memory it begins anew, but for the overrides and the mode: those are people's. */
  async recover(
    group: ManagedGroup,
    { withMemory }: { readonly withMemory: boolean },
  ): Promise<void> {
    const { store, clock, log } = this.#ports;
    const { name } = group.group;
    const now = clock.now();
    this.#modelAt.set(group, now);
    // Before what is replayed: it was decided in that mode.
    await this.#recoverMode(group);
    if (withMemory) {
      const recovered = await store.journal.recover(name);
      if (!recovered.ok) {
        log.write('error', `${name}: starting without memory: ${recovered.message}`);
      } else if (recovered.value !== null) {
        group.recover(recovered.value, now);
      }
    }
    if (withMemory) await this.#recoverDemand(group, now);
    if (withMemory) await this.#recoverQueue(group, now);
    const overrides = await store.overrides.list(name, now);
    if (overrides.ok) group.overrides = overrides.value;
    await recoverSpending(group, this.#ports, now);
    await this.writeConfigs([group]);
  }

  async #recoverMode(group: ManagedGroup): Promise<void> {
    const { store, log } = this.#ports;
    const { name, mode } = group.group;
    const kept = await store.modes.get(name);
    if (!kept.ok) {
      const message = `whether its mode was changed by hand cannot be read: ${kept.message}`;
      log.write('warn', `${name}: mode ${mode} by the config; ${message}`);
      return;
    }
    const byHand = kept.value;
    if (byHand === null) return;
    if (isInForce(byHand, group.settings)) {
      group.changeMode(byHand);
      log.write('info', `${name}: mode ${byHand.mode}, as ${byHand.by} set it: ${byHand.why}`);
      return;
    }
    await this.forgetMode(group, byHand);
  }

  /** The config says something else now than what the mode was set over. */
  async forgetMode({ group: { name, mode } }: ManagedGroup, byHand: HandMode): Promise<void> {
    const { store, log } = this.#ports;
    const message = `${name}: mode ${mode} by the config, which has changed since ${byHand.by} set ${byHand.mode}`;
    log.write('info', message);
    // Kept where the store fails, it is not in force either.
    const forgotten = await store.modes.put(name, null);
    if (!forgotten.ok) log.write('warn', `${name}: ${forgotten.message}`);
  }

  /** What was learned of the demand, or what the history makes of it. */
  async #recoverDemand({ demand, group }: ManagedGroup, now: EpochMs): Promise<void> {
    if (demand === null) return;
    const { store, log } = this.#ports;
    const { name } = group;
    const kept = await store.models.get(name, 'demand');
    if (!kept.ok) {
      log.write('warn', `${name}: what was learned of the demand cannot be read: ${kept.message}`);
    } else if (kept.value !== null && demand.recall(kept.value)) {
      return;
    }
    const spanMs = Math.min(pastMs, this.#relivableMs);
    const from = Math.floor((now - spanMs) / blockMs) * blockMs;
    const relived = await relivePast(demand, store.history, { group: name, from, to: now });
    if (!relived.ok) {
      log.write('warn', `${name}: past demand cannot be read: ${relived.message}`);
      return;
    }
    this.#relivableMs -= relived.value * blockMs;
    if (relived.value === 0) return;
    const hours = Math.ceil((relived.value * blockMs) / 3_600_000);
    log.write('info', `${name}: learned the demand anew from ${hours} h of its history`);
  }

  /** What was learned of the queue's messages; else the config's first durations hold. */
  async #recoverQueue({ queue, group: { name } }: ManagedGroup, now: EpochMs): Promise<void> {
    if (!queue.isWatching) return;
    const { store, log } = this.#ports;
    const kept = await store.models.get(name, 'queue');
    const problem = kept.ok
      ? kept.value === null
        ? null
        : queue.recall(kept.value, now)
      : kept.message;
    if (problem === null) return;
    log.write('warn', `${name}: what was learned of the queue is not used: ${problem}`);
  }

  /** What was learned, of the groups whose turn it is: a few in each second, at most once each. */
  async writeModels(groups: readonly ManagedGroup[], now: EpochMs): Promise<void> {
    const due = groups.filter(
      (group) =>
        hasModel(group) &&
        group.heldBy === null &&
        now - (this.#modelAt.get(group) ?? 0) >= modelsEveryMs,
    );
    const most = Math.ceil((groups.length * tickMs) / modelsEveryMs);
    for (const group of due.slice(0, most)) await this.writeModel(group, now);
  }

  async writeModel(group: ManagedGroup, now: EpochMs): Promise<void> {
    // One that stands by has learned no better than the one that acts.
    if (!hasModel(group) || group.heldBy !== null) return;
    this.#modelAt.set(group, now);
    const { store, log } = this.#ports;
    const { name } = group.group;
    for (const [kind, model] of [
      ['demand', group.demand?.remember() ?? null],
      ['queue', group.queue.remember(now)],
    ] as const) {
      if (model === null) continue;
      const written = await store.models.put(name, kind, model);
      if (written.ok) continue;
      log.write('warn', `${name}: what was learned of the ${kind} is not kept: ${written.message}`);
    }
  }

  async writeConfigs(groups: readonly ManagedGroup[]): Promise<void> {
    if (groups.length === 0) return;
    const at = this.#ports.clock.now();
    await this.#journal(
      groups.map(({ group }) => ({ kind: 'config', group: group.name, at, config: group })),
    );
  }

  async writeSnapshots(groups: readonly ManagedGroup[]): Promise<void> {
    if (groups.length === 0) return;
    const at = this.#ports.clock.now();
    await this.#journal(
      groups.map(({ fleet, group, state }) => ({
        kind: 'snapshot',
        group: group.name,
        at,
        state,
        fleet: fleet.remember(),
        config: group,
      })),
    );
  }

  /** The signals' means up to `now`. */
  async writeHistory(group: ManagedGroup, now: EpochMs): Promise<void> {
    const points = group.history.take(now);
    const demand = this.#forecasts.take(group.group.name, points);
    if (points.length === 0) return;
    const recorded = await this.#ports.store.history.record([...points, ...demand]);
    if (!recorded.ok) group.history.putBack(points);
  }
}

function hasModel({ demand, queue }: ManagedGroup): boolean {
  return demand !== null || queue.isWatching;
}
