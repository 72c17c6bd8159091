// What the agent says to people: one line for each event on the standard error stream, and a failure
// that repeats itself is said once until it changes. Secrets are never given to it.

import { writeSync } from 'node:fs';

export interface Log {
  info(message: string): void;
  warn(message: string): void;
}

/** Without the time: the journal of the system has it, and writing it loads a megabyte of ICU. */
export const stderrLog: Log = {
  info: (message) => writeLine(`foretide-agent: ${message}`),
  warn: (message) => writeLine(`foretide-agent: warning: ${message}`),
};

/** Straight to the descriptor: the stream `process.stderr` costs 1.6 MiB. */
export function writeLine(line: string): void {
  try {
    writeSync(2, `${line}\n`);
  } catch {
    // Nobody reads the log, or its pipe is full: not a reason to stop reporting.
  }
}

/** The kinds of trouble that last: each has one state at a time. */
export type Trouble =
  | 'broker'
  | 'subscription'
  | 'command'
  | 'outbox'
  | 'cloudwatch'
  | 'exec'
  | 'file'
  | 'metadata'
  | 'lifecycle'
  | `collector ${string}`;

export class TroubleLog {
  readonly #log: Log;
  readonly #said = new Map<Trouble, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Says it unless it was the last that was said of this trouble. */
  say(trouble: Trouble, message: string): void {
    if (this.#said.get(trouble) === message) return;
    this.#said.set(trouble, message);
    this.#log.warn(message);
  }

  /** The trouble is over: says so if it had been said, and is ready to say it again. */
  clear(trouble: Trouble, message: string): void {
    if (this.forget(trouble)) this.#log.info(message);
  }

  /** The trouble is over, without a word. Whether there was any. */
  forget(trouble: Trouble): boolean {
    return this.#said.delete(trouble);
  }
}
