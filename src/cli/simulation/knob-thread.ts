// One thread of `foretide tune`: runs the group it was started with under other settings.

import { workerData } from 'node:worker_threads';
import type { GroupConfig } from '../../config/config.ts';
import { readCalendar } from '../../config/read-calendar.ts';
import type { Arena } from '../../simulation/arena.ts';
import { turnKnobs, type KnobSettings } from '../../simulation/knobs.ts';
import { violationShareOf } from '../../simulation/score/score.ts';
import type { KnobTrial } from '../../simulation/search-knobs.ts';
import { simulateGroup } from '../../simulation/simulate-group.ts';
import { serveTasks, type PooledTask } from './thread-pool.ts';

export interface KnobGround {
  readonly arena: Arena;
  readonly config: GroupConfig;
  /** Dollars, where the config has none. */
  readonly price: number;
}

export interface KnobTask extends PooledTask {
  readonly settings: KnobSettings;
  readonly seed: number;
}

// `tune.ts` gives nothing else.
const { arena, config, price } = workerData as KnobGround;

serveTasks(({ settings, seed }: KnobTask): KnobTrial => {
  const { group, staleAfterMs, calendar } = config;
  const result = simulateGroup(arena, {
    group: turnKnobs(group, settings),
    staleAfterMs,
    pricePerInstanceHour: config.pricePerInstanceHour ?? price,
    readCalendar: (now) => readCalendar(calendar, now),
    seed,
  });
  return {
    settings,
    violationShare: violationShareOf(result),
    costInstanceSeconds: result.costInstanceSeconds,
    launchesPerHour: (result.launches * 3600) / result.scoredSeconds,
  };
});
