import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MinuteCount, QueueReading } from '../../queue/queue-reading.ts';
import type { PolicyContext } from '../opinion.ts';
import type { BacklogPolicy } from '../policy.ts';
import { recommend } from '../recommend.ts';

const policy: BacklogPolicy = {
  type: 'backlog',
  name: 'backlog',
  mode: 'promise',
  queueKey: 'jobs',
  counts: { visible: 'visible', inFlight: 'inFlight', dead: null },
  promiseMs: 300_000,
  firstDurationMs: 25_000,
  firstLeadMs: 60_000,
  workersPerInstance: 1,
  fixedTarget: null,
  staleAfterMs: 30_000,
};

const durations = {
  meanMs: 25_000,
  variation: 0,
  p50Ms: 25_000,
  p90Ms: 25_000,
  p95Ms: 25_000,
  p99Ms: 25_000,
  done: 10,
  failed: 0,
};

function makeReading(changes: Partial<QueueReading> = {}): QueueReading {
  const visible = changes.visible ?? 0;
  return {
    at: 0,
    visible,
    inFlight: 0,
    waiting: visible > 0 ? [{ ageMs: 0, messages: visible }] : [],
    arrivalsPerSecond: 0,
    trendPerSecond: 0,
    durations,
    inService: 0,
    launching: [],
    leadMs: 60_000,
    minutes: [],
    ...changes,
  };
}

/** Minutes at so many instances. */
function counts(inService: number, visible: readonly number[]): readonly MinuteCount[] {
  return visible.map((messages) => ({ visible: messages, inService }));
}

function ask(
  reading: QueueReading | undefined,
  changes: Partial<BacklogPolicy> = {},
  context: Partial<PolicyContext> = {},
) {
  const current = reading?.inService ?? 0;
  const seen = { current, warmed: current, warming: 0, signals: {}, schedules: undefined };
  const { recommendation } = recommend(
    { ...policy, ...changes },
    { ...seen, now: 0, canWake: false, queue: reading, ...context },
  );
  return recommendation;
}

function sizeFor(...args: Parameters<typeof ask>): number {
  const recommendation = ask(...args);
  if (recommendation.kind !== 'desired') throw new Error(`it says ${recommendation.kind}`);
  return recommendation.desired;
}

describe('a promise', () => {
  it('wakes a group of none: from 65 s to 300 s a worker does nine messages of 25 s', () => {
    expect(sizeFor(makeReading({ visible: 9 }))).toBe(1);
    expect(sizeFor(makeReading({ visible: 10 }))).toBe(2);
    expect(sizeFor(makeReading({ visible: 50 }))).toBe(6);
  });

  it('needs no one where nothing waits, is worked on or comes', () => {
    expect(sizeFor(makeReading({ inService: 3 }))).toBe(0);
  });

  it('keeps those at work', () => {
    expect(sizeFor(makeReading({ inService: 5, inFlight: 3 }))).toBe(3);
  });

  it('counts launches on their way once, whether AWS shows them yet or not', () => {
    const visible = 50;
    const launching = [{ readyInMs: 60_000, instances: 6 }];
    expect(sizeFor(makeReading({ visible, launching }), {}, { current: 6 })).toBe(6);
    expect(sizeFor(makeReading({ visible }), {}, { current: 6 })).toBe(6);
  });

  it('asks for no more workers than there are message groups', () => {
    expect(sizeFor(makeReading({ visible: 500, messageGroups: 3 }))).toBe(3);
  });

  it('counts every message that an instance works on at a time', () => {
    expect(sizeFor(makeReading({ visible: 50 }), { workersPerInstance: 3 })).toBe(2);
  });

  it('is made good as fast as the promise allows where it is broken already, and says so', () => {
    const reading = makeReading({ visible: 20, waiting: [{ ageMs: 400_000, messages: 20 }] });
    const recommendation = ask(reading);
    expect(recommendation).toMatchObject({ reason: { hopeless: 20 } });
    expect(sizeFor(reading)).toBeGreaterThan(2);
    expect(sizeFor(reading)).toBeLessThanOrEqual(20);
  });

  it('is finite, whole and never smaller for more or older messages', () => {
    const queue = fc.record({
      visible: fc.integer({ min: 1, max: 5000 }),
      ageMs: fc.integer({ min: 0, max: 200_000 }),
      meanMs: fc.integer({ min: 1, max: 43_200_000 }),
      inService: fc.nat({ max: 50 }),
      arrivalsPerSecond: fc.double({ min: 0, max: 100, noNaN: true }),
    });
    fc.assert(
      fc.property(queue, ({ visible, ageMs, meanMs, inService, arrivalsPerSecond }) => {
        const size = (messages: number): number =>
          sizeFor(
            makeReading({
              visible: messages,
              waiting: [{ ageMs, messages }],
              durations: { ...durations, meanMs, p95Ms: meanMs },
              inService,
              arrivalsPerSecond,
            }),
          );
        expect(Number.isSafeInteger(size(visible))).toBe(true);
        expect(size(visible)).toBeGreaterThanOrEqual(1);
        expect(size(visible + 10)).toBeGreaterThanOrEqual(size(visible));
      }),
    );
  });

  it('abstains, letting nothing be removed, without a fresh count', () => {
    const blind = { kind: 'abstain', blocksScaleIn: true };
    expect(ask(undefined)).toMatchObject({ ...blind, reason: { code: 'queue-unknown' } });
    const stale = ask(makeReading({ visible: 5 }), {}, { now: 31_000 });
    expect(stale).toMatchObject({ ...blind, reason: { code: 'queue-stale', ageMs: 31_000 } });
  });
});

describe('the recipe', () => {
  const recipe = { mode: 'recipe' } as const;

  it('waits for three minutes above the target, and divides exactly', () => {
    const reading = makeReading({ visible: 43, inService: 1, minutes: counts(1, [48, 46]) });
    expect(sizeFor(reading, recipe)).toBe(1);
    expect(sizeFor({ ...reading, minutes: counts(1, [48, 46, 43]) }, recipe)).toBe(4);
  });

  it('has a target below one where a message takes longer than the promise', () => {
    const slow = { ...durations, meanMs: 600_000 };
    const reading = makeReading({ inService: 1, minutes: counts(1, [3, 3, 3]), durations: slow });
    expect(sizeFor(reading, recipe)).toBe(6);
  });

  it('asks for one instance where there is none to divide by', () => {
    expect(sizeFor(makeReading({ visible: 9, minutes: counts(0, [9, 9, 9]) }), recipe)).toBe(1);
    expect(sizeFor(makeReading({ minutes: counts(0, [0, 0, 0]) }), recipe)).toBe(0);
  });

  it('keeps a target that is fixed', () => {
    const reading = makeReading({ inService: 1, minutes: counts(1, [48, 46, 43]) });
    expect(sizeFor(reading, { ...recipe, fixedTarget: 43 })).toBe(1);
    expect(sizeFor(reading, { ...recipe, fixedTarget: 10 })).toBe(5);
  });

  it('removes after fifteen minutes below nine tenths of the target', () => {
    const low = counts(
      4,
      Array.from({ length: 15 }, () => 12),
    );
    expect(sizeFor(makeReading({ inService: 4, minutes: low.slice(1) }), recipe)).toBe(4);
    expect(sizeFor(makeReading({ inService: 4, minutes: low }), recipe)).toBe(1);
  });
});
