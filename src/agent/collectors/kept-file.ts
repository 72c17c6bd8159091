// A file of /proc or /sys that is read again and again through one descriptor: a read costs one
// system call mostly, and nothing is opened or looked up on the way.

import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { describeError } from '../describe-error.ts';

/** Most bytes taken from one file. /proc/stat of a machine with 400 processors has about 60 KiB. */
export const keptFileBytesMax = 256 * 1024;
/**
 * The kernel fills a page of 4 KiB with whole lines (fs/seq_file.c), so a read that gives less than
 * this was the last one: no line of these files is longer than the rest of the page.
 */
const shortReadBytes = 2 * 1024;
/** A file that cannot be read is not tried again for so long. */
export const reopenAfterMs = 60_000;

/** Shared by all files, as each is turned into text before the next is read. Grows, up to the max. */
let buffer = Buffer.alloc(8 * 1024);

export class KeptFile {
  readonly path: string;
  readonly #headBytes: number | null;
  #descriptor: number | null = null;
  #retryAtMs = Number.NEGATIVE_INFINITY;
  #problem: string | null = null;

  /** With `headBytes` no more than the beginning of the file is taken, in one read. */
  constructor(path: string, headBytes: number | null = null) {
    this.path = path;
    this.#headBytes = headBytes;
  }

  /** Why the last reading came to nothing, or null if it came to something. */
  get problem(): string | null {
    return this.#problem;
  }

  /** What `parse` makes of the text, or null. Opens the file again once if need be. */
  read<T>(nowMs: number, parse: (text: string) => T | null): T | null {
    if (nowMs < this.#retryAtMs) return null;
    const wasOpen = this.#descriptor !== null;
    // A descriptor can go stale (a container's cgroup made anew) while the path is still good.
    const text = this.#readOnce() ?? (wasOpen ? this.#readOnce() : null);
    if (text === null) {
      this.#retryAtMs = nowMs + reopenAfterMs;
      return null;
    }
    const value = parse(text);
    this.#problem = value === null ? `${this.path} has an unknown form` : null;
    return value;
  }

  close(): void {
    if (this.#descriptor === null) return;
    closeSync(this.#descriptor);
    this.#descriptor = null;
  }

  #readOnce(): string | null {
    // Asked first: a thrown error costs half a megabyte, once, and most machines have no cgroup limit.
    if (this.#descriptor === null && !existsSync(this.path)) {
      this.#problem = `there is no ${this.path}`;
      return null;
    }
    try {
      this.#descriptor ??= openSync(this.path, 'r');
      if (this.#headBytes === null) return readWhole(this.#descriptor);
      const count = readSync(this.#descriptor, buffer, 0, this.#headBytes, 0);
      return buffer.toString('latin1', 0, count);
    } catch (error) {
      this.#problem = describeError(error);
      this.close();
      return null;
    }
  }
}

function readWhole(descriptor: number): string {
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, length);
    length += count;
    const isLast = count < shortReadBytes && length < buffer.length;
    if (isLast || length === keptFileBytesMax) return buffer.toString('latin1', 0, length);
    if (length < buffer.length) continue;
    const larger = Buffer.alloc(Math.min(keptFileBytesMax, buffer.length * 2));
    buffer.copy(larger, 0, 0, length);
    buffer = larger;
  }
}
