// All sources of all groups being read: what is read goes to its group, and the groups that this may
// have moved are told on.

import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { GroupSource } from './group-settings.ts';
import { SourcePoller } from './source-poller.ts';

export interface SourceReaderOptions {
  /** By name; they may come and go, which `follow` takes note of. */
  readonly groups: ReadonlyMap<string, ManagedGroup>;
  readonly clock: Clock;
  readonly log: Log;
  readonly onReading: (group: ManagedGroup) => void;
}

const none: readonly GroupSource[] = [];

interface Reading {
  readonly sources: readonly GroupSource[];
  readonly pollers: readonly SourcePoller[];
}

export class SourceReader {
  readonly #options: SourceReaderOptions;
  readonly #reading = new Map<ManagedGroup, Reading>();
  #isStarted = false;

  constructor(options: SourceReaderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#isStarted = true;
    this.follow();
  }

  stop(): void {
    this.#isStarted = false;
    for (const { pollers } of this.#reading.values()) for (const poller of pollers) poller.stop();
    this.#reading.clear();
  }

  /** Reads what the groups are configured with now; a group left as it was is not asked anew. */
  follow(): void {
    if (!this.#isStarted) return;
    const groups = new Set(this.#options.groups.values());
    for (const [group, { sources, pollers }] of this.#reading) {
      const wanted = groups.has(group) ? (group.settings.sources ?? none) : null;
      if (sources === wanted) continue;
      for (const poller of pollers) poller.stop();
      this.#reading.delete(group);
    }
    for (const group of groups) {
      if (!this.#reading.has(group)) this.#begin(group);
    }
  }

  /** One line for each source of the group that has no value now, or had none when last asked. */
  problems(group: ManagedGroup): readonly string[] {
    const pollers = this.#reading.get(group)?.pollers ?? [];
    return pollers.flatMap((poller) =>
      poller.complaint === null
        ? []
        : [`the source ${poller.name} has no value: ${poller.complaint}`],
    );
  }

  #begin(group: ManagedGroup): void {
    const { clock, log, onReading } = this.#options;
    const { sources = none } = group.settings;
    const pollers = sources.map((source) => {
      const onValue = (value: number, at: number): void => {
        group.sources.take(source.name, value, at);
        group.history.add(source.name, value, at);
        onReading(group);
      };
      return new SourcePoller({ group: group.group.name, source, clock, log, onValue });
    });
    this.#reading.set(group, { sources, pollers });
    for (const poller of pollers) poller.start();
  }
}
