// From waiting messages to the fleets they concern. Reads what comes from the network once, here;
// what is not used is counted by its reason and has no other effect.

import type { EpochMs } from '../core/time.ts';
import { parseClaim } from '../wire/claim.ts';
import { parseLoadLine } from '../wire/load-line.ts';
import type { RejectionReason } from '../wire/rejection.ts';
import { parseReport } from '../wire/report.ts';
import { parseStatus } from '../wire/status.ts';
import { parseTopic } from '../wire/topics.ts';
import type { Counters } from './counters.ts';
import type { Reported } from './fleet.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Ownership } from './ownership.ts';
import type { ArrivedMessage } from './ports/telemetry.ts';

/** An inherited topic whose lines feed a group: `ec2/load`. */
export interface LoadTopic {
  readonly topic: string;
  readonly group: string;
}

export interface RouterOptions {
  readonly groups: ReadonlyMap<string, ManagedGroup>;
  readonly loadTopics: readonly LoadTopic[];
  readonly ownership: Ownership;
  readonly counters: Counters;
  /** Told of reports from instances that AWS has not listed (yet). */
  readonly onStranger: (group: ManagedGroup) => void;
}

export class MessageRouter {
  readonly #options: RouterOptions;
  readonly #loadGroups: ReadonlyMap<string, string>;

  constructor(options: RouterOptions) {
    this.#options = options;
    this.#loadGroups = new Map(options.loadTopics.map(({ topic, group }) => [topic, group]));
  }

  /** The group whose readings the message may have moved, if any. */
  route(message: ArrivedMessage): ManagedGroup | null {
    const loadGroup = this.#loadGroups.get(message.topic);
    if (loadGroup !== undefined) return this.#routeLoad(loadGroup, message);
    const topic = parseTopic(message.topic);
    if (topic === null) return this.#reject('unknown-topic', null);
    const group = this.#options.groups.get(topic.group);
    if (group === undefined) return this.#reject('unknown-group', null);
    if (message.payload === null) return this.#reject('oversized', group);
    switch (topic.kind) {
      case 'report':
        return this.#routeReport(group, topic.instance, message.payload, message);
      case 'status':
        return this.#routeStatus(group, topic.instance, message.payload, message);
      case 'controller':
        return this.#routeClaim(group, message.payload, message.arrivedAt);
      case 'command':
      case 'decision':
        return null;
    }
  }

  countDropped(count: number): void {
    this.#options.counters.rejected['inbox-full'] += count;
  }

  #routeReport(
    group: ManagedGroup,
    instance: string,
    payload: string,
    { arrivedAt, isRetained }: ArrivedMessage,
  ): ManagedGroup | null {
    this.#options.counters.reportsReceived += 1;
    const parsed = parseReport(payload);
    if (!parsed.ok) return this.#reject(parsed.reason, group);
    // A report that the broker kept from before is of unknown age.
    if (isRetained) return this.#reject('too-old', group);
    const reported = group.fleet.report(instance, parsed.value, arrivedAt);
    if (!reported.ok && reported.reason === 'not-a-member') this.#options.onStranger(group);
    const { work } = parsed.value;
    if (reported.ok && work !== undefined) group.queue.take(work, arrivedAt);
    return this.#finish(group, reported, parsed.value.signals);
  }

  #routeLoad(name: string, message: ArrivedMessage): ManagedGroup | null {
    this.#options.counters.reportsReceived += 1;
    const group = this.#options.groups.get(name);
    if (group === undefined) return this.#reject('unknown-group', null);
    if (message.payload === null) return this.#reject('oversized', group);
    const parsed = parseLoadLine(message.payload);
    if (!parsed.ok) return this.#reject(parsed.reason, group);
    if (message.isRetained) return this.#reject('too-old', group);
    const { clientId, arrivedAt } = message;
    const reported = group.fleet.reportStream(clientId, parsed.value, arrivedAt);
    return this.#finish(group, reported, parsed.value.signals);
  }

  #routeStatus(
    group: ManagedGroup,
    instance: string,
    payload: string,
    { isRetained, arrivedAt }: ArrivedMessage,
  ): ManagedGroup | null {
    const parsed = parseStatus(payload);
    if (!parsed.ok) return this.#reject(parsed.reason, group);
    const refusal = group.fleet.say(instance, parsed.value, { isRetained, arrivedAt });
    // Retained words of instances that are gone are no mistake of anyone's.
    if (refusal !== null && !isRetained) return this.#reject(refusal, group);
    return null;
  }

  #routeClaim(group: ManagedGroup, payload: string, arrivedAt: EpochMs): null {
    const parsed = parseClaim(payload);
    if (!parsed.ok) this.#reject(parsed.reason, group);
    else this.#options.ownership.hear(group, parsed.value, arrivedAt);
    return null;
  }

  #finish(
    group: ManagedGroup,
    reported: Reported,
    signals: Readonly<Record<string, number>>,
  ): ManagedGroup | null {
    if (!reported.ok) return this.#reject(reported.reason, group);
    if (reported.isLate) this.#options.counters.lateReports += 1;
    group.history.addReported(signals, reported.sampledAt);
    return group;
  }

  #reject(reason: RejectionReason, group: ManagedGroup | null): null {
    this.#options.counters.rejected[reason] += 1;
    if (group !== null) group.rejected[reason] += 1;
    return null;
  }
}
