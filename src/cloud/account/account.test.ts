// The account as one: its parts see one time, and all of it can be kept.

import { expect, it } from 'vitest';
import { putScalingPolicy } from '../define-policies.ts';
import { createNamedQueue } from '../sqs/queue-lifecycle.ts';
import { openQueue } from '../sqs/sqs.ts';
import { differenceOf } from '../testing/difference-of.ts';
import { createTestGroup, createTestWorld, expectOk } from '../testing/test-world.ts';
import type { Account } from './account.ts';
import { advanceAccount, createAccount } from './account.ts';
import { recordInstanceMetric } from './instance-metric.ts';
import { ACCOUNT_STATE_VERSION, restoreAccount, snapshotAccount } from './snapshot.ts';

const MINUTE_MS = 60_000;
const PORTS = { contentDigest: (body: string) => body };

/** A group of four under target tracking, its CPU at that for so many minutes. */
function createBusyAccount(): Account {
  const world = createTestWorld();
  const group = createTestGroup(world, { desired: 4, min: 1, max: 20 });
  group.collectedMetrics.add('GroupDesiredCapacity');
  const account = createAccount(world, PORTS);
  const jobs = { name: 'jobs', attributes: new Map(), tags: new Map() };
  expectOk(createNamedQueue(account.sqs, jobs, world.now));
  advanceAccount(account, world.now + 10 * MINUTE_MS);
  expectOk(
    putScalingPolicy(world, group.name, {
      name: 'cpu',
      isEnabled: true,
      rule: {
        kind: 'target-tracking',
        target: 50,
        metric: {
          predefinedType: 'ASGAverageCPUUtilization',
          resourceLabel: undefined,
          namespace: 'AWS/EC2',
          metricName: 'CPUUtilization',
          dimensions: [{ name: 'AutoScalingGroupName', value: group.name }],
          statistic: 'Average',
          unit: undefined,
          periodSeconds: 60,
        },
        disablesScaleIn: false,
        warmupSeconds: 300,
      },
    }),
  );
  return account;
}

function feed(account: Account, minutes: number, value: number): void {
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const { id } of account.world.instances.values()) {
      expectOk(recordInstanceMetric(account, { instanceId: id, value }));
    }
    advanceAccount(account, account.world.now + MINUTE_MS);
  }
}

function differenceBetween(first: Account, second: Account): string | undefined {
  return differenceOf(snapshotAccount(first), snapshotAccount(second));
}

it('goes on from a snapshot as it would have without', () => {
  const first = createBusyAccount();
  feed(first, 2, 90);
  const restored = restoreAccount(JSON.parse(JSON.stringify(snapshotAccount(first))), PORTS);
  const second = expectOk(restored);
  expect(differenceBetween(first, second)).toBeUndefined();
  for (const account of [first, second]) feed(account, 5, 90);
  expect(differenceBetween(first, second)).toBeUndefined();
  expect([...second.world.groups.values()].map(({ desired }) => desired)).toEqual([8]);
});

it('refuses a state of another version in one line', () => {
  const state = { ...snapshotAccount(createBusyAccount()), accountVersion: 99 };
  expect(restoreAccount(state, PORTS)).toMatchObject({
    ok: false,
    fault: {
      message: `the saved cloud has version 99; this program reads version ${ACCOUNT_STATE_VERSION} only`,
    },
  });
  expect(restoreAccount('text', PORTS).ok).toBe(false);
});

it('gives the same history whether it is advanced by seconds or by the hour', () => {
  const [coarse, fine] = [createBusyAccount(), createBusyAccount()];
  const until = coarse.world.now + 60 * MINUTE_MS;
  advanceAccount(coarse, until);
  while (fine.world.now < until) advanceAccount(fine, fine.world.now + 1000);
  expect(differenceBetween(fine, coarse)).toBeUndefined();
});

it('loses no measurement while there is room', () => {
  const account = createBusyAccount();
  expectOk(openQueue(account.sqs, 'jobs', account.world.now));
  feed(account, 3, 40);
  expect(account.counters.lostMeasurements).toBe(0);
  const names = [...account.cloudWatch.store.entries.values()].map(({ id }) => id.namespace);
  expect(new Set(names)).toEqual(new Set(['AWS/AutoScaling', 'AWS/SQS', 'AWS/EC2']));
});

it('measures no instance that does not exist', () => {
  const metric = { instanceId: 'i-0', value: 1 };
  expect(recordInstanceMetric(createBusyAccount(), metric)).toMatchObject({
    ok: false,
    fault: { code: 'InvalidInstanceID.NotFound' },
  });
});
