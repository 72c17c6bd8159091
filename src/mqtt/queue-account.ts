// What waits to be sent on many connections together, and which of them ends when it is too much.

export interface SlowReader {
  /** Ends the connection, and with it what waits for it. */
  endAsSlow(): void;
}

export class QueueAccount {
  readonly #bytesMax: number;
  /** Only those for whom something waits. */
  readonly #queued = new Map<SlowReader, number>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Notes what waits for a connection now. Beyond the bound, the one that holds most ends. */
  note(reader: SlowReader, bytes: number): void {
    this.#bytes += bytes - (this.#queued.get(reader) ?? 0);
    if (bytes === 0) this.#queued.delete(reader);
    else this.#queued.set(reader, bytes);
    if (this.#bytes > this.#bytesMax) this.#findSlowest()?.endAsSlow();
  }

  #findSlowest(): SlowReader | null {
    let slowest: SlowReader | null = null;
    let most = 0;
    for (const [reader, bytes] of this.#queued) {
      if (bytes <= most) continue;
      slowest = reader;
      most = bytes;
    }
    return slowest;
  }
}
