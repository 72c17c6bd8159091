// Counts attempts by key within a fixed window, to slow down what is tried too often. Not a log.

export interface AttemptWindowOptions {
  readonly attemptsMax: number;
  readonly windowMs: number;
  /** Keys remembered; the one begun first gives way, so that strangers cannot fill the memory. */
  readonly keysMax: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

interface Window {
  readonly since: number;
  count: number;
}

export class AttemptWindow {
  readonly #options: AttemptWindowOptions;
  readonly #windows = new Map<string, Window>();

  constructor(options: AttemptWindowOptions) {
    this.#options = options;
  }

  add(key: string): void {
    const current = this.#current(key);
    if (current !== null) {
      current.count += 1;
      return;
    }
    this.#windows.delete(key);
    this.#windows.set(key, { since: this.#options.now(), count: 1 });
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= this.#options.keysMax) break;
      this.#windows.delete(oldest);
    }
  }

  /** Whether the key has used up its attempts; false again once its window has passed. */
  isExhausted(key: string): boolean {
    return (this.#current(key)?.count ?? 0) >= this.#options.attemptsMax;
  }

  #current(key: string): Window | null {
    const window = this.#windows.get(key);
    if (window === undefined) return null;
    return this.#options.now() - window.since < this.#options.windowMs ? window : null;
  }
}
