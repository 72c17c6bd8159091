// A store that can be slow, full or locked, and that outlives the controllers that use it. Keeps what
// is durable in the order in which it was written.

import type { Journal, JournalEntry, Store, StoreOutcome } from '../../controller/ports/store.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Life } from './life.ts';

export interface StoreTrouble {
  /** 'refused': nothing is written; 'answer-lost': it is, and said to have failed. */
  failure: 'refused' | 'answer-lost' | null;
  delayMs: number;
}

export interface StoreWitness {
  appending(entries: readonly JournalEntry[]): void;
  /** `isDurable`: it is on the disk; `isTold`: and the controller knows. */
  appended(
    entries: readonly JournalEntry[],
    result: { readonly isDurable: boolean; readonly isTold: boolean },
  ): void;
  recovering(isRemembered: boolean): void;
}

export class SwarmStore {
  readonly trouble: StoreTrouble = { failure: null, delayMs: 0 };
  readonly #base: Store;
  readonly #clock: VirtualClock;
  readonly #witness: StoreWitness;
  /** What waited behind an append that failed fails too: a tick says so only from the next on. */
  #failures = 0;
  /** Appends are written one after another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(base: Store, clock: VirtualClock, witness: StoreWitness) {
    this.#base = base;
    this.#clock = clock;
    this.#witness = witness;
  }

  /** As one controller sees it. */
  openFor(life: Life): Store {
    const { overrides, modes, leases, history, forecasts, models } = this.#base;
    const answer = <T>(carryOut: () => Promise<StoreOutcome<T>>): Promise<StoreOutcome<T>> =>
      life.tell(this.trouble.failure === null ? carryOut() : failed);
    return {
      journal: this.#openJournal(life),
      history,
      forecasts,
      overrides: {
        list: (group, now) => answer(() => overrides.list(group, now)),
        put: (group, override, now) => answer(() => overrides.put(group, override, now)),
        remove: (group, kind, now) => answer(() => overrides.remove(group, kind, now)),
      },
      modes: {
        put: (group, mode) => answer(() => modes.put(group, mode)),
        get: (group) => answer(() => modes.get(group)),
      },
      leases: {
        hold: (request) => answer(() => leases.hold(request)),
        release: (group, controller) => answer(() => leases.release(group, controller)),
      },
      models: {
        put: (group, kind, model) => answer(() => models.put(group, kind, model)),
        get: (group, kind) => answer(() => models.get(group, kind)),
      },
      close: () => Promise.resolve(),
    };
  }

  #openJournal(life: Life): Journal {
    const { journal } = this.#base;
    return {
      append: (entries) => this.#append(life, entries),
      read: (query) => life.tell(journal.read(query)),
      recover: async (group) => {
        const isReadable = this.trouble.failure === null;
        this.#witness.recovering(isReadable);
        return await life.tell(isReadable ? journal.recover(group) : failed);
      },
    };
  }

  async #append(life: Life, entries: readonly JournalEntry[]): Promise<StoreOutcome<null>> {
    this.#witness.appending(entries);
    const failuresBefore = this.#failures;
    const outcome = this.#last.then(async () => {
      const isHole = this.#failures > failuresBefore;
      return await this.#write(life, entries, isHole ? 'refused' : null);
    });
    this.#last = outcome;
    const { ok } = await outcome;
    if (hasAct(entries)) life.reach('after-append');
    if (entries.some(({ kind }) => kind === 'actuation')) life.reach('after-outcome');
    return await life.tell(ok ? outcome : failed);
  }

  async #write(
    life: Life,
    entries: readonly JournalEntry[],
    fate: StoreTrouble['failure'],
  ): Promise<StoreOutcome<null>> {
    if (this.trouble.delayMs > 0) await this.#wait(this.trouble.delayMs);
    if (hasAct(entries)) life.reach('before-append');
    if (!life.isAlive) return failed;
    const failure = fate ?? this.trouble.failure;
    const isDurable = failure !== 'refused';
    if (!isDurable) this.#failures += 1;
    const outcome = isDurable ? await this.#base.journal.append(entries) : failed;
    const isTold = failure === null && outcome.ok;
    this.#witness.appended(entries, { isDurable: isDurable && outcome.ok, isTold });
    return isTold ? outcome : failed;
  }

  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(ms, resolve);
    await promise;
  }
}

const failed = { ok: false, message: 'simulated: the disk is full' } as const;

function hasAct(entries: readonly JournalEntry[]): boolean {
  return entries.some((entry) => entry.kind === 'tick' && entry.decision.acts);
}
