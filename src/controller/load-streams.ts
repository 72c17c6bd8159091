// The sources behind inherited load topics: no instances, only names that clients chose, or none.
// All messages without a name are one stream, whose value is the mean of its last few seconds.

import type { EpochMs } from '../core/time.ts';
import type { Report } from '../wire/report.ts';
import { createMember, forgetCounted, type Member } from './member.ts';

/** Named streams of one group at most; messages of further ones are not taken. */
export const streamsMax = 1000;
/** A stream that was not heard for this long is forgotten. */
export const streamForgottenAfterMs = 600_000;
/** The anonymous stream mixes many senders: its value is their mean over this time. */
export const anonymousWindowMs = 5000;
/** Messages of the anonymous stream that are averaged at most. */
const anonymousMessagesMax = 4096;

/** No client can choose this name: `find` gives it to those that have none. */
const anonymousName = '';

/** The mean of what came within the last few seconds, kept as running sums. */
class RecentMean {
  #messages: { readonly at: EpochMs; readonly report: Report }[] = [];
  #first = 0;
  readonly #sums = new Map<string, { sum: number; count: number }>();

  add(report: Report, now: EpochMs): Readonly<Record<string, number>> {
    this.#messages.push({ at: now, report });
    this.#count(report, 1);
    const oldest = now - anonymousWindowMs;
    for (;;) {
      const message = this.#messages[this.#first];
      const waiting = this.#messages.length - this.#first;
      if (message === undefined || (message.at > oldest && waiting <= anonymousMessagesMax)) break;
      this.#count(message.report, -1);
      this.#first += 1;
    }
    if (this.#first > anonymousMessagesMax) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
    const means: Record<string, number> = {};
    for (const [name, { sum, count }] of this.#sums) means[name] = Math.max(0, sum / count);
    return means;
  }

  #count(report: Report, sign: 1 | -1): void {
    for (const [name, value] of Object.entries(report.signals)) {
      const total = this.#sums.get(name) ?? { sum: 0, count: 0 };
      total.sum += sign * value;
      total.count += sign;
      if (total.count === 0) this.#sums.delete(name);
      else this.#sums.set(name, total);
    }
  }
}

export class LoadStreams {
  #selectorCount: number;
  readonly #streams = new Map<string, Member>();
  readonly #anonymous = new RecentMean();

  constructor(selectorCount: number) {
    this.#selectorCount = selectorCount;
  }

  /** The streams stay; what was counted of them is counted anew at the next tick. */
  reconfigure(selectorCount: number): void {
    this.#selectorCount = selectorCount;
    for (const stream of this.#streams.values()) forgetCounted(stream, selectorCount);
  }

  /** The stream of this client; null if there are too many. */
  find(clientId: string | null, now: EpochMs): Member | null {
    const name = clientId ?? anonymousName;
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    if (this.#streams.size >= streamsMax) this.#forget(now);
    if (this.#streams.size >= streamsMax) return null;
    const stream = createMember(name, this.#selectorCount);
    stream.phase = 'in-service';
    stream.inServiceSince = 0;
    this.#streams.set(name, stream);
    return stream;
  }

  /** A named stream's report as it is; an anonymous one as the mean of the last few seconds. */
  smooth(clientId: string | null, report: Report, arrivedAt: EpochMs): Report {
    if (clientId !== null) return report;
    const signals = this.#anonymous.add(report, arrivedAt);
    return { ...report, signals };
  }

  /** Those heard within the last ten minutes. */
  all(now: EpochMs): IterableIterator<Member> {
    this.#forget(now);
    return this.#streams.values();
  }

  #forget(now: EpochMs): void {
    for (const [name, stream] of this.#streams) {
      if (now - (stream.sampledAt ?? now) > streamForgottenAfterMs) this.#streams.delete(name);
    }
  }
}
