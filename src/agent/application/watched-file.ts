// A file of `name value` lines, read at every sample. Its values are as fresh as its time of change:
// a file that nobody writes any more gives nothing.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import { describeError } from '../describe-error.ts';
import type { TroubleLog } from '../log.ts';
import type { SignalBoard } from './signal-board.ts';
import { takeLines } from './take-lines.ts';

export const watchedFileBytesMax = 16 * 1024;

export class WatchedFile {
  /** What was read last, and what came of it. */
  #version = '';
  #problem: string | null = null;
  readonly #path: string;
  readonly #lifetimeMs: number;
  readonly #clock: Clock;
  readonly #troubles: TroubleLog;

  constructor(path: string, lifetimeMs: number, clock: Clock, troubles: TroubleLog) {
    this.#path = path;
    this.#lifetimeMs = lifetimeMs;
    this.#clock = clock;
    this.#troubles = troubles;
  }

  /** Puts its values on the board if it has changed since the last time. */
  refresh(board: SignalBoard): void {
    try {
      const problem = this.#take(board);
      if (problem === null) this.#troubles.clear('file', `${this.#path} is good again`);
      else this.#troubles.say('file', `${this.#path}: ${problem}`);
    } catch (error) {
      this.#troubles.say('file', `no signals from a file: ${describeError(error)}`);
    }
  }

  #take(board: SignalBoard): string | null {
    // Opened by its path each time: a careful writer puts a new file in the place of the old.
    const descriptor = openSync(this.#path, 'r');
    try {
      const { mtimeMs, size, ino } = fstatSync(descriptor);
      const version = `${mtimeMs} ${size} ${ino}`;
      if (version !== this.#version) {
        this.#version = version;
        this.#problem = this.#read(descriptor, mtimeMs, board);
      }
      return this.#problem;
    } finally {
      closeSync(descriptor);
    }
  }

  #read(descriptor: number, changedAtMs: number, board: SignalBoard): string | null {
    const ageMs = this.#clock.epochMs() - changedAtMs;
    if (ageMs > this.#lifetimeMs) return 'not written for too long, so left out';
    const buffer = Buffer.alloc(watchedFileBytesMax + 1);
    const count = readSync(descriptor, buffer, 0, buffer.length, 0);
    if (count > watchedFileBytesMax) return `longer than ${watchedFileBytesMax} bytes`;
    const lines = buffer.toString('utf8', 0, count).split('\n');
    return takeLines(lines, { signals: board, work: null }, this.#clock.monotonicMs());
  }
}
