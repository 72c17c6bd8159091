import { describe, expect, it } from 'vitest';

import { VirtualClock } from '../simulation/virtual-clock.ts';
import type { GroupSource } from './group-settings.ts';
import type { SourceOutcome } from './ports/signal-source.ts';
import { sourceBackoffMaxMs, SourcePoller } from './source-poller.ts';

const startMs = 1_767_225_600_000;

class PolledSource {
  readonly clock = new VirtualClock(startMs + 1234);
  readonly asked: number[] = [];
  readonly taken: [value: number, at: number][] = [];
  readonly said: string[] = [];
  takesMs = 100;
  answer: () =>
    | Omit<SourceOutcome & { kind: 'value' }, 'measuredAt'>
    | Exclude<SourceOutcome, { kind: 'value' }> = () => ({ kind: 'value', value: 1 });
  readonly poller: SourcePoller;

  constructor(terms: Partial<GroupSource> = {}) {
    const { clock } = this;
    const source = {
      name: 'queue',
      everyMs: 5000,
      staleAfterMs: 15_000,
      scale: 1,
      isNothingZero: false,
      source: { read: () => this.#read() },
      ...terms,
    };
    this.poller = new SourcePoller({
      group: 'web',
      source,
      clock,
      log: { write: (level, message) => void this.said.push(`${level} ${message}`) },
      onValue: (value, at) => void this.taken.push([value, at - startMs]),
    });
    this.poller.start();
  }

  async #read(): Promise<SourceOutcome> {
    const measuredAt = this.clock.now();
    this.asked.push(measuredAt - startMs);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.clock.after(this.takesMs, resolve);
    await promise;
    const answer = this.answer();
    return answer.kind === 'value' ? { ...answer, measuredAt } : answer;
  }
}

describe('a source that is polled', () => {
  it('is read at once, then at whole multiples of its period', async () => {
    const polled = new PolledSource();
    await polled.clock.advance(20_000);
    expect(polled.asked).toEqual([1234, 5000, 10_000, 15_000, 20_000]);
    expect(polled.taken[1]).toEqual([1, 5000]);
  });

  it('is never read twice at once: a slow read leaves the next ones out', async () => {
    const polled = new PolledSource();
    polled.takesMs = 12_000;
    await polled.clock.advance(40_000);
    expect(polled.asked).toEqual([1234, 15_000, 30_000]);
  });

  it('is read less often while it fails, up to a bound, and as before once it is well', async () => {
    const polled = new PolledSource();
    polled.answer = () => ({ kind: 'failed', message: 'HTTP 500' });
    await polled.clock.advance(600_000);
    const gaps = polled.asked.slice(1).map((at, index) => at - (polled.asked[index] ?? 0));
    expect(gaps.slice(1, 4)).toEqual([10_000, 20_000, 40_000]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(sourceBackoffMaxMs + 5000);
    polled.answer = () => ({ kind: 'value', value: 1 });
    await polled.clock.advance(120_000);
    const [last = 0, beforeLast = 0] = polled.asked.toReversed();
    expect(last - beforeLast).toBe(5000);
  });

  it('says once why it has no value, and once that it has one again', async () => {
    const polled = new PolledSource();
    polled.answer = () => ({ kind: 'failed', message: 'HTTP 500' });
    await polled.clock.advance(300_000);
    expect(polled.asked.length).toBeGreaterThan(4);
    expect(polled.poller.complaint).toBe('HTTP 500');
    polled.answer = () => ({ kind: 'value', value: 1 });
    await polled.clock.advance(120_000);
    expect(polled.poller.complaint).toBeNull();
    expect(polled.said).toEqual([
      'warn web: the source queue has no value: HTTP 500; trying again',
      'info web: the source queue can be read again',
    ]);
  });

  it('takes an answer without a number for nothing, unless it was said to be 0', async () => {
    const taken: number[][] = [];
    for (const isNothingZero of [false, true]) {
      const polled = new PolledSource({ isNothingZero });
      polled.answer = () => ({ kind: 'nothing', message: 'no element' });
      await polled.clock.advance(1000);
      taken.push(polled.taken.map(([value]) => value));
    }
    expect(taken).toEqual([[], [0]]);
  });

  it.each([
    { name: 'queue', value: -1, scale: 1, message: '-1, allowed: a number from 0' },
    { name: 'queue', value: Number.NaN, scale: 1, message: 'NaN, allowed: a number from 0' },
    { name: 'queue', value: 1e308, scale: 1e6, message: '1e+308, allowed: a number from 0' },
    {
      name: 'busyRatio',
      value: 43,
      scale: 1,
      message: '43 for busyRatio, allowed: a share from 0',
    },
  ])('takes no $value for $name', async ({ name, value, scale, message }) => {
    const polled = new PolledSource({ name, scale });
    polled.answer = () => ({ kind: 'value', value });
    await polled.clock.advance(1000);
    expect(polled.taken).toEqual([]);
    expect(polled.poller.complaint).toContain(message);
  });

  it('scales what it reads', async () => {
    const polled = new PolledSource({ name: 'busyRatio', scale: 0.01 });
    polled.answer = () => ({ kind: 'value', value: 43 });
    await polled.clock.advance(1000);
    expect(polled.taken[0]?.[0]).toBeCloseTo(0.43, 12);
  });

  it('is not read any more once it was stopped', async () => {
    const polled = new PolledSource();
    await polled.clock.advance(3000);
    polled.poller.stop();
    await polled.clock.advance(60_000);
    expect(polled.asked).toEqual([1234]);
  });
});
