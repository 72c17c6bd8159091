// Asks what a group did while that may matter: while instances are missing, launches fail or a change
// of someone else's has no name. A group at rest is not asked about.

import type { EpochMs } from '../core/time.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { ScalingActivities } from './ports/scaling-activities.ts';

/** How often a group is asked about. */
export const activitiesEveryMs = 10_000;
/** The longest wait after failures in a row. */
export const activitiesBackoffMaxMs = 300_000;

interface Asking {
  isOpen: boolean;
  failuresInRow: number;
  dueAt: EpochMs;
}

export interface ActivityWatchOptions {
  readonly activities: ScalingActivities;
  readonly clock: Clock;
  readonly log: Log;
}

export class ActivityWatch {
  readonly #options: ActivityWatchOptions;
  readonly #groups: ReadonlyMap<string, ManagedGroup>;
  readonly #asking = new WeakMap<ManagedGroup, Asking>();

  /** `groups` by name; they may come and go. */
  constructor(groups: ReadonlyMap<string, ManagedGroup>, options: ActivityWatchOptions) {
    this.#groups = groups;
    this.#options = options;
  }

  /** Asks for what is due. Returns when nothing asked by this call is open any more. */
  async poll(): Promise<void> {
    const now = this.#options.clock.now();
    const asked: Promise<void>[] = [];
    for (const group of this.#groups.values()) {
      const asking = this.#asking.get(group) ?? { isOpen: false, failuresInRow: 0, dueAt: 0 };
      this.#asking.set(group, asking);
      if (asking.isOpen || now < asking.dueAt || !group.wantsActivities(now)) continue;
      asked.push(this.#ask(group, asking));
    }
    await Promise.all(asked);
  }

  async #ask(group: ManagedGroup, asking: Asking): Promise<void> {
    const { activities, clock, log } = this.#options;
    asking.isOpen = true;
    const outcome = await activities.listActivities(group.settings.target);
    asking.isOpen = false;
    if (outcome.kind !== 'failed') {
      asking.failuresInRow = 0;
      asking.dueAt = clock.now() + activitiesEveryMs;
      if (outcome.kind === 'listed') group.applyActivities(outcome.activities, clock.now());
      return;
    }
    // Said once: what is missing is told by nothing else, and the loop does without.
    if (asking.failuresInRow === 0) {
      const name = group.group.name;
      const text = `failed launches cannot be seen (${outcome.code}): ${outcome.message}`;
      log.write('warn', `${name}: ${text}; trying again`);
    }
    asking.failuresInRow += 1;
    const doublings = Math.min(asking.failuresInRow - 1, 5);
    const waitMs = Math.min(activitiesBackoffMaxMs, activitiesEveryMs * (1 << doublings));
    asking.dueAt = clock.now() + waitMs;
  }
}
