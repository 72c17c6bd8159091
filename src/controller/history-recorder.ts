// From samples to 10 s means: blocks stay open long enough for samples that an agent's outbox
// delivers late, and are handed to the store when they have changed.

import type { EpochMs } from '../core/time.ts';
import type { HistoryPoint } from './ports/store.ts';

export const blockMs = 10_000;
/** Blocks kept open: an agent's outbox holds two minutes. */
const openBlocksMax = 18;

interface Block {
  readonly start: EpochMs;
  sum: number;
  count: number;
  isChanged: boolean;
}

export class HistoryRecorder {
  readonly #group: string;
  #blocks: ReadonlyMap<string, Block[]>;
  /** Of those signals the ones that are not taken from reports. */
  #reckoned: ReadonlySet<string>;

  constructor(group: string, signals: readonly string[], reckoned: readonly string[] = []) {
    this.#reckoned = new Set(reckoned);
    this.#group = group;
    this.#blocks = new Map(signals.map((signal) => [signal, []]));
  }

  /** Other signals to keep; the open blocks of those that stay are kept. */
  reconfigure(signals: readonly string[], reckoned: readonly string[] = []): void {
    this.#reckoned = new Set(reckoned);
    this.#blocks = new Map(signals.map((signal) => [signal, this.#blocks.get(signal) ?? []]));
  }

  /** What an instance reports. */
  addReported(signals: Readonly<Record<string, number>>, sampledAt: EpochMs): void {
    for (const [signal, blocks] of this.#blocks) {
      const value = this.#reckoned.has(signal) ? undefined : signals[signal];
      if (value !== undefined) addTo(blocks, value, sampledAt);
    }
  }

  /** What is read elsewhere or reckoned. */
  add(signal: string, value: number, sampledAt: EpochMs): void {
    const blocks = this.#blocks.get(signal);
    if (blocks !== undefined) addTo(blocks, value, sampledAt);
  }

  /** Several at once. */
  addAll(values: Readonly<Record<string, number>>, sampledAt: EpochMs): void {
    for (const signal in values) {
      const value = values[signal];
      if (value !== undefined) this.add(signal, value, sampledAt);
    }
  }

  /** The means of blocks that are over and have changed since they were last taken. */
  take(now: EpochMs): readonly HistoryPoint[] {
    const points: HistoryPoint[] = [];
    for (const [signal, blocks] of this.#blocks) {
      for (const block of blocks) {
        if (!block.isChanged || block.start + blockMs > now) continue;
        block.isChanged = false;
        const mean = block.sum / block.count;
        points.push({ group: this.#group, signal, start: block.start, mean });
      }
    }
    return points;
  }

  /** Points that could not be stored are offered again. */
  putBack(points: readonly HistoryPoint[]): void {
    for (const { signal, start } of points) {
      const block = this.#blocks.get(signal)?.find((one) => one.start === start);
      if (block !== undefined) block.isChanged = true;
    }
  }
}

function addTo(blocks: Block[], value: number, sampledAt: EpochMs): void {
  const block = openBlock(blocks, Math.floor(sampledAt / blockMs) * blockMs);
  if (block === null) return;
  block.sum += value;
  block.count += 1;
  block.isChanged = true;
}

/** The block of this start, ascending in the list; null for one that was closed long ago. */
function openBlock(blocks: Block[], start: EpochMs): Block | null {
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    const block = blocks[index];
    if (block === undefined || block.start < start) break;
    if (block.start === start) return block;
  }
  const newest = blocks.at(-1);
  if (newest !== undefined && start < newest.start - openBlocksMax * blockMs) return null;
  const block = { start, sum: 0, count: 0, isChanged: false };
  blocks.push(block);
  blocks.sort((a, b) => a.start - b.start);
  if (blocks.length > openBlocksMax) blocks.shift();
  return block;
}
