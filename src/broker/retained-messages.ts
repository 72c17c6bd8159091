// The last message of each topic that was published to be kept, within bounds.

import { hasWildcard, isCovered } from '../mqtt/topic-filter.ts';
import { parseTopic } from '../wire/topics.ts';
import type { BrokerLimits } from './limits.ts';

export interface RetainedMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
}

export class RetainedMessages {
  readonly #limits: Pick<BrokerLimits, 'retainedMessagesMax' | 'retainedBytesMax'>;
  readonly #onEvicted: () => void;
  /** Both in the order of renewal, oldest first. */
  readonly #common = new Map<string, RetainedMessage>();
  readonly #lasting = new Map<string, RetainedMessage>();
  #bytes = 0;

  constructor(
    limits: Pick<BrokerLimits, 'retainedMessagesMax' | 'retainedBytesMax'>,
    onEvicted: () => void,
  ) {
    this.#limits = limits;
    this.#onEvicted = onEvicted;
  }

  get count(): number {
    return this.#common.size + this.#lasting.size;
  }

  /** Takes the place of the topic's last one; an empty payload only removes that. */
  keep(message: RetainedMessage): void {
    const kept = isLasting(message.topic) ? this.#lasting : this.#common;
    this.#remove(kept, message.topic);
    if (message.payload.length === 0) return;
    // Copied, so that a few bytes do not keep a whole network buffer alive.
    kept.set(message.topic, { ...message, payload: Buffer.from(message.payload) });
    this.#bytes += bytesOf(message);
    this.#evict(this.#common);
    this.#evict(this.#lasting);
  }

  /** Those under any of the filters, each once. */
  matching(filters: readonly string[]): RetainedMessage[] {
    const found = new Map<string, RetainedMessage>();
    const wildcards = filters.filter(hasWildcard);
    for (const filter of filters) {
      const message = this.#common.get(filter) ?? this.#lasting.get(filter);
      if (message !== undefined) found.set(filter, message);
    }
    // Thousands of agents come back at once, each with one plain filter: only wildcards may search.
    if (wildcards.length === 0) return [...found.values()];
    for (const kept of [this.#lasting, this.#common]) {
      for (const [topic, message] of kept) {
        if (wildcards.some((filter) => isCovered(topic, filter))) found.set(topic, message);
      }
    }
    return [...found.values()];
  }

  #evict(kept: Map<string, RetainedMessage>): void {
    const { retainedMessagesMax, retainedBytesMax } = this.#limits;
    for (const topic of kept.keys()) {
      if (this.count <= retainedMessagesMax && this.#bytes <= retainedBytesMax) return;
      this.#remove(kept, topic);
      this.#onEvicted();
    }
  }

  #remove(kept: Map<string, RetainedMessage>, topic: string): void {
    const message = kept.get(topic);
    if (message === undefined) return;
    kept.delete(topic);
    this.#bytes -= bytesOf(message);
  }
}

/** Only a controller can publish these, one for each group; agents come and go by the thousand. */
function isLasting(topic: string): boolean {
  const kind = parseTopic(topic)?.kind;
  return kind === 'decision' || kind === 'controller';
}

function bytesOf(message: RetainedMessage): number {
  return message.topic.length + message.payload.length;
}
