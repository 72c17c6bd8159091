import { expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { TroubleLog } from '../log.ts';
import type { Datum } from './metric-outbox.ts';
import { datumsMax } from './metric-outbox.ts';
import type { PutOutcome } from './put-metric-data.ts';
import type { Publishing } from './publishing.ts';
import { Publisher } from './publisher.ts';

const publishing: Publishing = {
  namespace: 'MyApp',
  metrics: [{ signal: 'socketsUsed', name: 'Sockets Used', unit: 'Count', divisor: 1 }],
  intervalMs: 1000,
  dimensions: {},
  region: 'us-east-1',
  credentials: null,
};
const access = {
  credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  region: 'us-east-1',
  source: 'environment',
  endsAt: null,
} as const;

function open(answer: (call: number) => PutOutcome) {
  const clock = new ManualClock();
  const said: string[] = [];
  const taken: Datum[] = [];
  let calls = 0;
  const publisher = new Publisher(publishing, {
    clock,
    troubles: new TroubleLog({ info: (line) => said.push(line), warn: (line) => said.push(line) }),
    random: () => 0.5,
    measure: () => [calls],
    findAccess: () => Promise.resolve({ ok: true, access }),
    put: (datums) => {
      calls += 1;
      const outcome = answer(calls);
      if (outcome.kind === 'accepted') taken.push(...datums);
      return Promise.resolve(outcome);
    },
  });
  publisher.start();
  return {
    publisher,
    said,
    taken,
    calls: () => calls,
    async pass(seconds: number) {
      for (let second = 0; second < seconds; second += 1) {
        clock.advance(1000);
        // The calls of this second come to their ends.
        for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
      }
    },
  };
}

const accepted: PutOutcome = { kind: 'accepted' };
const throttled: PutOutcome = { kind: 'retry', message: 'ThrottlingException: Rate exceeded' };

function secondsOf(datums: readonly Datum[]): readonly number[] {
  const first = Math.min(...datums.map(({ at }) => at));
  return datums.map(({ at }) => (at - first) / 1000).toSorted((a, b) => a - b);
}

test('every second is there once, whatever is throttled', async () => {
  const { publisher, taken, pass } = open((call) => (call % 3 === 0 ? throttled : accepted));
  await pass(600);
  await publisher.stop();
  const seconds = secondsOf(taken);
  expect(seconds).toEqual(seconds.map((_, index) => index));
  expect(seconds.length).toBeGreaterThan(590);
});

test('an hour without CloudWatch is made up for, and said once', async () => {
  let isAway = true;
  const { said, taken, pass, calls } = open(() => (isAway ? throttled : accepted));
  await pass(3600);
  expect(said.filter((line) => line.includes('takes no values'))).toHaveLength(1);
  // A minute apart at last, not a hammer.
  expect(calls()).toBeLessThan(150);
  isAway = false;
  await pass(300);
  expect(secondsOf(taken)).toEqual(secondsOf(taken).map((_, index) => index));
  expect(taken.length).toBeGreaterThan(3800);
  expect(said.at(-1)).toBe('CloudWatch takes values again');
});

test('the oldest go when there is no more room, and that is said', async () => {
  const { publisher, said, pass } = open(() => throttled);
  await pass(datumsMax + 100);
  expect(publisher.outbox.size).toBe(datumsMax);
  expect(publisher.outbox.droppedCount).toBeGreaterThan(0);
  expect(said.some((line) => line.includes('values are lost'))).toBe(true);
});

test('what was measured is sent before the end', async () => {
  const { publisher, taken, pass } = open(() => accepted);
  await pass(5);
  expect(taken).toEqual([]);
  await publisher.stop();
  expect(taken.length).toBeGreaterThanOrEqual(4);
});
