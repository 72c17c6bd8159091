import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { TroubleLog } from '../log.ts';
import type { EndNotice } from './ask-end.ts';
import { Drain, settleMs } from './drain.ts';
import type { LifecycleOutcome } from './lifecycle-action.ts';

const end: EndNotice = { kind: 'end', why: 'Auto Scaling is to end this instance' };
const serve: EndNotice = { kind: 'serve' };
const aside: EndNotice = { kind: 'aside', why: 'Auto Scaling takes this instance out (Standby)' };

interface Scene {
  notice: EndNotice | Error;
  /** Open ones; null: nobody counts. */
  connections: number | null;
  /** The newest count is so old. */
  countAgeMs: number;
  released: LifecycleOutcome;
}

function open(withinMs: number, scene: Partial<Scene> = {}, hasHook = true) {
  const clock = new ManualClock();
  const said: string[] = [];
  const calls: { readonly call: 'hold' | 'release'; readonly atMs: number }[] = [];
  const now: Scene = {
    notice: serve,
    connections: 3,
    countAgeMs: 0,
    released: { kind: 'done' },
    ...scene,
  };
  const log = { info: (line: string) => said.push(line), warn: (line: string) => said.push(line) };
  const note = (call: 'hold' | 'release', outcome: LifecycleOutcome) => () => {
    calls.push({ call, atMs: clock.monotonicMs() });
    return Promise.resolve(call === 'hold' ? outcome : now.released);
  };
  const drain = new Drain(withinMs, {
    clock,
    log,
    troubles: new TroubleLog(log),
    connections: () =>
      now.connections === null
        ? null
        : { total: now.connections, countedAtMs: clock.monotonicMs() - now.countAgeMs },
    ask: () =>
      now.notice instanceof Error ? Promise.reject(now.notice) : Promise.resolve(now.notice),
    hold: hasHook ? note('hold', { kind: 'done' }) : null,
    release: hasHook ? note('release', { kind: 'done' }) : null,
    changed: () => said.push(drain.isDraining ? 'changed: draining' : 'changed: online'),
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  drain.start();
  return {
    drain,
    now,
    said,
    calls,
    releases: () => calls.filter(({ call }) => call === 'release').map(({ atMs }) => atMs),
    async pass(seconds: number) {
      await settle();
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1000);
        await settle();
      }
    },
  };
}

test('an instance that is to end drains at once, and goes when its last connection has gone', async () => {
  const { drain, now, pass, releases, said } = open(300_000, { notice: end });
  await pass(60);
  expect(drain.isDraining).toBe(true);
  expect(said).toContain('changed: draining');
  expect(releases()).toEqual([]);
  now.connections = 0;
  await pass(5);
  expect(releases()).toHaveLength(1);
  await pass(60);
  // Once: it is Auto Scaling's from now on.
  expect(releases()).toHaveLength(1);
  expect(said.join('\n')).toMatch(/drained in 6\d s, 0 connections left/u);
});

test('it goes with connections left when the time is up, and never before it is up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 10, max: 400 }), async (withinSeconds) => {
      const { pass, releases } = open(withinSeconds * 1000, { notice: end });
      await pass(withinSeconds + 4);
      const [releasedAtMs = 0, ...others] = releases();
      expect(others).toEqual([]);
      expect(releasedAtMs).toBeGreaterThanOrEqual(withinSeconds * 1000);
      expect(releasedAtMs).toBeLessThanOrEqual(withinSeconds * 1000 + 2000);
    }),
    { numRuns: 20 },
  );
});

test('no connection counts only once balancers have asked again', async () => {
  const fresh = open(300_000, { notice: end, connections: 0 });
  await fresh.pass(30);
  expect(fresh.releases()[0]).toBeGreaterThanOrEqual(settleMs);
  expect(fresh.releases()[0]).toBeLessThan(settleMs + 4000);
  const stale = open(300_000, { notice: end, connections: 0, countAgeMs: 60_000 });
  await stale.pass(settleMs / 1000 + 50);
  expect(stale.releases()).toEqual([]);
  const unknown = open(300_000, { notice: end, connections: null });
  await unknown.pass(250);
  expect(unknown.releases()).toEqual([]);
});

test('the hook is made to wait on, as often as the shortest of them needs', async () => {
  const { calls, pass } = open(300_000, { notice: end });
  await pass(290);
  const holds = calls.map(({ atMs }) => atMs);
  const gaps = holds.map((atMs, index) => atMs - (holds[index - 1] ?? 0));
  expect(holds.length).toBeGreaterThan(8);
  expect(Math.max(...gaps)).toBeLessThan(30_000);
});

test('a release that fails, or comes too early, is tried again while the instance stands', async () => {
  const { now, pass, releases, said } = open(300_000, { notice: end, connections: 0 });
  now.released = { kind: 'not-waiting' };
  await pass(20);
  expect(releases().length).toBeGreaterThan(1);
  expect(said.join()).not.toContain('warning');
  now.released = { kind: 'failed', message: 'AccessDenied: no' };
  await pass(10);
  expect(said.filter((line) => line.includes('AccessDenied: no'))).toHaveLength(1);
  const before = releases().length;
  now.released = { kind: 'done' };
  await pass(10);
  expect(releases()).toHaveLength(before + 1);
});

test('one that is only set aside drains, completes nothing, and serves again', async () => {
  const { calls, drain, now, pass } = open(10_000, { notice: aside, connections: 0 });
  await pass(60);
  expect(drain.isDraining).toBe(true);
  expect(calls).toEqual([]);
  now.notice = serve;
  await pass(3);
  expect(drain.isDraining).toBe(false);
});

test('metadata that cannot be asked changes nothing, and is said once', async () => {
  const { drain, now, pass, said } = open(300_000, { notice: end });
  await pass(3);
  now.notice = new Error('connect ECONNREFUSED');
  await pass(30);
  expect(drain.isDraining).toBe(true);
  expect(said.filter((line) => line.includes('ECONNREFUSED'))).toHaveLength(1);
});

test('without a hook there is nobody to tell', async () => {
  const { calls, pass, said } = open(20_000, { notice: end }, false);
  await pass(30);
  expect(calls).toEqual([]);
  expect(said.join()).toMatch(/drained in 2\d s, 3 connections left/u);
});
