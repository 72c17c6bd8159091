// The samples that the broker has not acknowledged, oldest first. While the agent is cut off they
// wait here, as old as they may become and no longer; what is too old goes first.
//
//   waiting ──take()──▶ sent ──delivered──▶ gone
//      ▲                  │
//      └── not delivered ─┘        too old or too many, in either state ──▶ dropped

/** One sample as it was measured; its age is worked out when it is sent. */
export interface Sample {
  readonly sequence: number;
  readonly sampledAtMs: number;
  /** The signals as JSON: 300 bytes of text cost less to keep than 15 numbers by name. */
  readonly signalsJson: string;
  /** What workers finished since the sample before, as JSON; null if nothing. */
  readonly workJson: string | null;
}

/** However short the interval and however long the time: about 1.2 MB of ordinary samples. */
export const outboxSamplesMax = 4_096;

interface Entry {
  readonly sample: Sample;
  isSent: boolean;
}

export class Outbox {
  #entries: Entry[] = [];
  #droppedCount = 0;
  readonly #ageMsMax: number;

  /** A sample is kept until it is older than `ageMsMax`. */
  constructor(ageMsMax: number) {
    this.#ageMsMax = ageMsMax;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** Samples lost for good since the start. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  add(sample: Sample, nowMs: number): void {
    this.#entries.push({ sample, isSent: false });
    this.#dropOld(nowMs);
  }

  /** The oldest sample that is to be sent, now regarded as sent; null if none waits. */
  take(nowMs: number): Sample | null {
    this.#dropOld(nowMs);
    const entry = this.#entries.find(({ isSent }) => !isSent);
    if (entry === undefined) return null;
    entry.isSent = true;
    return entry.sample;
  }

  /** Says what became of a taken sample. One that was not delivered is taken again, in its place. */
  settle(sample: Sample, isDelivered: boolean): void {
    const index = this.#entries.findIndex((entry) => entry.sample === sample);
    const entry = this.#entries[index];
    if (entry === undefined) return;
    if (isDelivered) this.#entries.splice(index, 1);
    else entry.isSent = false;
  }

  #dropOld(nowMs: number): void {
    const tooMany = Math.max(0, this.#entries.length - outboxSamplesMax);
    let count = 0;
    for (const { sample } of this.#entries) {
      if (count >= tooMany && nowMs - sample.sampledAtMs <= this.#ageMsMax) break;
      count += 1;
    }
    if (count === 0) return;
    this.#entries = this.#entries.slice(count);
    this.#droppedCount += count;
  }
}
