// Keeps a running controller at what its file says: takes a good new file over, refuses a bad one
// while the old one runs, and knows which of the two holds. What a config means is others'.
//
//     as applied ──the file is another──> seen ──the same at the next look──> applied, or refused

import { readFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { formatConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Clock } from '../controller/ports/clock.ts';
import type { ConfigStatus } from '../controller/ports/control.ts';
import type { Log } from '../controller/ports/log.ts';
import { findDifference } from '../core/find-difference.ts';
import { describeError } from './describe-error.ts';
import { describeConfigChanges } from './describe-config-changes.ts';

/**
 * How often the file is looked at. It is read by its path each time, which also sees what a watch of
 * one inode misses: editors that put a new file in place, mounts whose links are switched.
 */
const lookEveryMs = 1000;
/** Lines of one bad file that are kept and said. */
const mistakeLinesMax = 20;

export interface ConfigWatchOptions {
  readonly file: string;
  /** What the file said when the controller was made. */
  readonly started: { readonly text: string; readonly config: Config };
  readonly clock: Clock;
  readonly log: Log;
  /** Takes over the groups of a config. */
  readonly apply: (config: Config) => Promise<void>;
}

type Seen =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly message: string };

export class ConfigWatch {
  readonly #options: ConfigWatchOptions;
  #applied: { readonly text: string; readonly config: Config };
  #appliedAt: number;
  #mistake: ConfigStatus['mistake'] = null;
  #needsRestart: readonly string[] = [];
  /** What the last look saw, and what was last dealt with. */
  #seen: Seen;
  #dealtWith: Seen;
  #isStopped = false;
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(options: ConfigWatchOptions) {
    this.#options = options;
    this.#applied = options.started;
    this.#appliedAt = options.clock.now();
    this.#seen = { kind: 'text', text: options.started.text };
    this.#dealtWith = this.#seen;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      void this.look().then(() => {
        if (!this.#isStopped) this.start();
      });
    }, lookEveryMs);
  }

  /** Ends once a config that is being taken over has been. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#work;
  }

  /** What was last taken over; of what needs a restart, what was there at the start. */
  running(): Config {
    const { broker, api, store, loadTopics } = this.#options.started.config;
    return { ...this.#applied.config, broker, api, store, loadTopics };
  }

  status(): ConfigStatus {
    return {
      file: this.#options.file,
      appliedAt: this.#appliedAt,
      mistake: this.#mistake,
      needsRestart: this.#needsRestart,
    };
  }

  /** Deals with a file that has stayed the same since the look before; `isSure`: at once. */
  look({ isSure = false }: { readonly isSure?: boolean } = {}): Promise<void> {
    this.#work = this.#work
      .then(() => this.#lookOnce(isSure))
      .catch((error: unknown) => {
        // A bug of ours; the old config or part of the new one runs, and the next change is seen.
        this.#options.log.write('error', `internal error: ${String(error)}`);
      });
    return this.#work;
  }

  async #lookOnce(isSure: boolean): Promise<void> {
    if (this.#isStopped) return;
    const { file, log } = this.#options;
    const seen = await readSeen(file);
    // A file that is just being written may end anywhere, also where it reads as a good one.
    const isSettled = isSure || isSame(seen, this.#seen);
    this.#seen = seen;
    if (isSure && isSame(seen, this.#dealtWith)) log.write('info', `${file} is as it was`);
    if (!isSettled || isSame(seen, this.#dealtWith)) return;
    this.#dealtWith = seen;
    await this.#deal(seen);
  }

  async #deal(seen: Seen): Promise<void> {
    const { file, log } = this.#options;
    if (seen.kind === 'unreadable') {
      this.#refuse([`${file} cannot be read: ${seen.message}`]);
      return;
    }
    if (seen.text === this.#applied.text) {
      this.#mistake = null;
      log.write('info', `${file} is again the config that runs`);
      return;
    }
    const outcome = loadConfig(seen.text, file);
    if (outcome.ok) await this.#apply(seen.text, outcome.config);
    else this.#refuse(outcome.errors.map(formatConfigError));
  }

  #refuse(lines: readonly string[]): void {
    const { clock, log } = this.#options;
    const shown = lines.slice(0, mistakeLinesMax);
    this.#mistake = { since: this.#mistake?.since ?? clock.now(), lines: shown };
    log.write('warn', 'the new config is refused, the old one goes on:');
    for (const line of shown) log.write('warn', line);
  }

  async #apply(text: string, config: Config): Promise<void> {
    const { clock, file, log, apply, started } = this.#options;
    const changes = describeConfigChanges(this.#applied.config, config);
    await apply(config);
    this.#applied = { text, config };
    this.#appliedAt = clock.now();
    this.#mistake = null;
    this.#needsRestart = findRestartSections(started.config, config);
    log.write('info', `${file} was taken over: ${changes.join('; ') || 'it means the same'}`);
    if (this.#needsRestart.length > 0) {
      log.write('warn', `needs a restart: ${this.#needsRestart.join(', ')}`);
    }
  }
}

/** What a running controller cannot change: it is bound to places, files and logins. */
const restartSections = ['broker', 'api', 'store', 'publish', 'loadTopics'] as const;

function findRestartSections(started: Config, wanted: Config): readonly string[] {
  return restartSections.filter((key) => findDifference(started[key], wanted[key]) !== null);
}

async function readSeen(file: string): Promise<Seen> {
  try {
    return { kind: 'text', text: await readFile(file, 'utf8') };
  } catch (error) {
    return { kind: 'unreadable', message: describeError(error) };
  }
}

function isSame(one: Seen, other: Seen): boolean {
  return findDifference(one, other) === null;
}
