// All sources of all groups being read: what is read goes to its group, and the groups that this may
// have moved are told on.

import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import { SourcePoller } from './source-poller.ts';

export interface SourceReaderOptions {
  readonly groups: readonly ManagedGroup[];
  readonly clock: Clock;
  readonly log: Log;
  readonly onReading: (group: ManagedGroup) => void;
}

export class SourceReader {
  readonly #pollers: readonly { readonly group: ManagedGroup; readonly poller: SourcePoller }[];

  constructor({ groups, clock, log, onReading }: SourceReaderOptions) {
    this.#pollers = groups.flatMap((group) =>
      (group.settings.sources ?? []).map((source) => {
        const onValue = (value: number, at: number): void => {
          group.sources.take(source.name, value, at);
          group.history.add({ [source.name]: value }, at);
          onReading(group);
        };
        const name = group.group.name;
        return { group, poller: new SourcePoller({ group: name, source, clock, log, onValue }) };
      }),
    );
  }

  start(): void {
    for (const { poller } of this.#pollers) poller.start();
  }

  stop(): void {
    for (const { poller } of this.#pollers) poller.stop();
  }

  /** One line for each source of the group that has no value now, or had none when last asked. */
  problems(group: ManagedGroup): readonly string[] {
    return this.#pollers.flatMap(({ group: owner, poller }) =>
      owner === group && poller.complaint !== null
        ? [`the source ${poller.name} has no value: ${poller.complaint}`]
        : [],
    );
  }
}
