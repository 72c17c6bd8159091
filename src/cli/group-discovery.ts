// Keeps a running controller at the groups of its file and at those that AWS has under the tags the
// file names. Looks each minute; what fails changes nothing.

import type { Config, GroupConfig } from '../config/config.ts';
import type { FoundGroup } from '../config/resolve-discovered.ts';
import type { CancelTimer, Clock } from '../controller/ports/clock.ts';
import type { Log } from '../controller/ports/log.ts';
import type { GroupListing } from '../controller/ports/tagged-groups.ts';
import { findDifference } from '../core/find-difference.ts';
import { describeConfigChanges } from './describe-config-changes.ts';
import { describeSearch, resolveSearches } from './discovered-groups.ts';

const lookEveryMs = 60_000;

export interface GroupDiscoveryOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly listing: GroupListing;
  /** Takes over these groups: all there are to be. */
  readonly apply: (groups: readonly GroupConfig[]) => Promise<void>;
}

export class GroupDiscovery {
  readonly #options: GroupDiscoveryOptions;
  #config: Config;
  /** All that runs, in order. */
  #groups: readonly GroupConfig[];
  /** By search, as JSON: what its last good listing had. */
  readonly #listings = new Map<string, readonly FoundGroup[]>();
  /** What was said of groups and searches, so that each sentence comes once. */
  #said = new Map<string, string>();
  #isStopped = false;
  #cancel: CancelTimer | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: GroupDiscoveryOptions) {
    this.#options = options;
    this.#config = options.config;
    this.#groups = options.config.groups;
  }

  /** Looks for the first time, and from then on each minute. */
  async start(): Promise<void> {
    await this.look();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel?.();
    await this.#work;
  }

  /** Takes over another config, with what is known to be found by its searches. */
  reconfigure(config: Config): Promise<void> {
    return this.#inTurn(async () => {
      this.#config = config;
      await this.#list();
      // Also where no group is another one: what a source is made of may have changed.
      await this.#settle({ isForced: true });
    });
  }

  /** Lists once and takes over what changed. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#list();
      await this.#settle({ isForced: false });
    });
  }

  /** A controller takes over one set of groups at a time. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#work.then(async () => {
      if (!this.#isStopped) await work();
    });
    this.#work = turn.catch(() => {});
    return turn;
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(lookEveryMs, () => {
      void this.look()
        .catch((error: unknown) => {
          // A bug of ours: the groups stay as they are, and the next minute looks again.
          this.#options.log.write('error', `internal error: ${String(error)}`);
        })
        .finally(() => this.#schedule());
    });
  }

  async #list(): Promise<void> {
    const searches = this.#config.discover?.searches ?? [];
    const keys = new Set(searches.map((search) => JSON.stringify(search)));
    for (const key of this.#listings.keys()) if (!keys.has(key)) this.#listings.delete(key);
    await Promise.all(
      searches.map(async (search) => {
        const key = JSON.stringify(search);
        const outcome = await this.#options.listing.listTagged(search);
        const where = `discover ${describeSearch(search)}`;
        if (outcome.kind === 'failed') {
          this.#say(where, `${outcome.message}; the groups stay as they are`);
          return;
        }
        this.#listings.set(key, outcome.groups);
        this.#say(where, outcome.groups.length === 0 ? 'no group has these tags' : null);
      }),
    );
  }

  async #settle({ isForced }: { readonly isForced: boolean }): Promise<void> {
    const before = this.#groups;
    const groups = [...this.#config.groups, ...this.#discovered()];
    if (!isForced && findDifference(before, groups) === null) return;
    await this.#options.apply(groups);
    this.#groups = groups;
    if (isForced) return;
    const changes = describeConfigChanges({ groups: before }, { groups });
    this.#options.log.write('info', `found by their tags: ${changes.join('; ')}`);
  }

  #discovered(): readonly GroupConfig[] {
    const searches = this.#config.discover?.searches ?? [];
    const results = searches.map((search) => ({
      search,
      found: this.#listings.get(JSON.stringify(search)) ?? [],
    }));
    const { groups, remarks } = resolveSearches(this.#config, results, this.#groups);
    for (const { about, sentence } of remarks) this.#say(about, sentence);
    const remarked = new Set(remarks.map(({ about }) => about));
    for (const about of this.#said.keys()) {
      if (about.startsWith('the Auto') && !remarked.has(about)) this.#said.delete(about);
    }
    return groups;
  }

  /** Null: nothing is wrong with it any more. */
  #say(about: string, sentence: string | null): void {
    if (sentence === null) this.#said.delete(about);
    if (sentence === null || this.#said.get(about) === sentence) return;
    this.#said.set(about, sentence);
    this.#options.log.write('warn', `${about}: ${sentence}`);
  }
}
