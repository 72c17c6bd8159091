// One life of a controller: from its start until it is killed. Whatever it waits for never comes
// after that, its timers do not run, and what it had not sent yet is never sent.

import type { Clock } from '../../controller/ports/clock.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { CrashPoint } from './fault-plan.ts';

export class Life {
  readonly name: string;
  /** Monotonic, as the live clock is: the machine's clock is read once, when the process starts. */
  readonly clock: Clock;
  /** Where it dies next; null: nowhere. */
  doom: CrashPoint | null = null;
  #isAlive = true;
  readonly #onDeath: () => void;

  constructor(
    base: VirtualClock,
    options: {
      readonly name: string;
      /** The machine's clock minus the true time. */
      readonly offsetMs: number;
      readonly onDeath: () => void;
    },
  ) {
    const { name, offsetMs, onDeath } = options;
    this.name = name;
    this.#onDeath = onDeath;
    this.clock = {
      now: () => base.now() + offsetMs,
      elapsedMs: () => base.now(),
      after: (delayMs, run) =>
        base.after(delayMs, () => {
          if (this.#isAlive) run();
        }),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.#onDeath();
  }

  /** Dies if this is where it should. */
  reach(point: CrashPoint): void {
    if (this.doom === point) this.kill();
  }

  /** The value, to the living; the dead wait for ever. */
  async tell<T>(work: T | Promise<T>): Promise<T> {
    const value = await work;
    if (this.#isAlive) return value;
    return await new Promise<never>(() => {});
  }
}
