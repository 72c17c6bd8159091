// What a group's past is kept in, and how one that begins takes it up again: configs and snapshots in
// the journal, overrides, the history of its signals. Says when nothing.

import type { EpochMs } from '../core/time.ts';
import type { ForecastKeeper } from './forecast-keeper.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { JournalEntry, Store } from './ports/store.ts';
import { recoverSpending } from './recover-spending.ts';

export interface MemoryPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

export class GroupMemory {
  readonly #ports: MemoryPorts;
  readonly #forecasts: ForecastKeeper;
  readonly #journal: (entries: readonly JournalEntry[]) => Promise<boolean>;

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

  /** Without memory it begins anew, but for the overrides: those are people's. */
  async recover(
    group: ManagedGroup,
    { withMemory }: { readonly withMemory: boolean },
  ): Promise<void> {
    const { store, clock, log } = this.#ports;
    const { name } = group.group;
    const now = clock.now();
    if (withMemory) {
      const recovered = await store.journal.recover(name);
      if (!recovered.ok) {
        log.write('error', `${name}: starting without memory: ${recovered.message}`);
      } else if (recovered.value !== null) {
        group.recover(recovered.value, now);
      }
    }
    const overrides = await store.overrides.list(name, now);
    if (overrides.ok) group.overrides = overrides.value;
    await recoverSpending(group, this.#ports, now);
    await this.writeConfigs([group]);
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
