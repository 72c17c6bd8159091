// What the controller publishes, through AWS's own protocols: metrics that CloudWatch has and events
// that a rule carries into a queue, with calls that are throttled and refused.

import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import type { GroupStatus } from '../../src/controller/ports/control.ts';
import type { ToldForecast } from '../../src/controller/ports/forecast.ts';
import type { Decision } from '../../src/core/decision.ts';
import { createManualClock, type ManualClock } from '../../src/localcloud/manual-clock.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';
import { createPublishers, type Publishers } from '../../src/publish/create-publishers.ts';
import { listMetrics } from '../../src/publish/list-metrics.ts';
import { describeCost } from '../../src/publish/metric-publisher.ts';

const start = Date.parse('2026-03-02T10:00:00Z');
const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };

let clock: ManualClock;
let cloud: LocalCloud;
let settings: object;
const endings: (() => unknown)[] = [];
const logged: string[] = [];

beforeEach(async () => {
  logged.length = 0;
  clock = createManualClock(start);
  const account = createAccount(new World(start), { contentDigest: digestContent, settleMs: 0 });
  cloud = await startLocalCloud({ clock, account, throttling: 'off' });
  settings = { endpoint: cloud.url, region: 'us-east-1', credentials, maxAttempts: 1 };
});

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
  await cloud.close();
});

function makeStatus(name: string, desired: number): GroupStatus {
  return {
    name,
    mode: 'active',
    modeByHand: null,
    desired,
    demand: desired - 0.5,
    inService: desired - 1,
    pending: 1,
    terminating: 0,
    warming: 0,
    silent: 0,
    lastDecision: null,
    now: null,
    rejected: {},
    autoScalingGroup: name,
    min: 1,
    max: 10,
    signals: { 'mean(cpu)/1000ms': { value: 0.42, at: start, instances: 3 } },
    overrides: [],
    heldBy: null,
    problem: null,
  };
}

function makeForecast(changes: Partial<ToldForecast> = {}): ToldForecast {
  return {
    group: 'web',
    isUsable: true,
    code: 'ok',
    signal: 'cpu',
    start: start + 300_000,
    stepMs: 300_000,
    levels: [0.1, 0.5, 0.9],
    quantiles: [
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ],
    experts: [],
    fitted: [],
    scorecard: [],
    seasonsMs: [],
    historyMs: 86_400_000,
    demand: 1.5,
    sizing: {
      perInstance: null,
      basis: null,
      leadMs: 180_000,
      isLeadLearned: true,
      pricePerInstanceHour: null,
      min: 1,
      max: 10,
      desired: 3,
    },
    ...changes,
  };
}

const unforecast = { forecast: () => null };

/** A clock whose timers run when the test lets time pass, and whose calls have ended by then. */
function publishing(yaml: string): Publishers & { pass(seconds: number): Promise<void> } {
  const loaded = loadConfig(`${yaml}\ngroups: [{name: web, max: 5}]`, 'test');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors));
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();
  const publishers = createPublishers(
    { ...loaded.config.publish, region: 'us-east-1' },
    {
      connection: { endpoint: cloud.url, credentials },
      clock: {
        now: () => clock.now(),
        elapsedMs: () => clock.now(),
        after(delayMs, run) {
          const timer = { at: clock.now() + delayMs, run };
          timers.add(timer);
          return () => timers.delete(timer);
        },
      },
      log: { write: (_, text) => logged.push(text) },
    },
  );
  endings.push(() => publishers.stop());
  return {
    ...publishers,
    async pass(seconds) {
      for (let second = 0; second < seconds; second += 1) {
        clock.pass(1000);
        for (const timer of timers) {
          if (timer.at > clock.now()) continue;
          timers.delete(timer);
          timer.run();
        }
        // The calls of this second are real ones, over loopback.
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    },
  };
}

async function readMetric(name: string, dimensions: Readonly<Record<string, string>>) {
  const client = new CloudWatchClient(settings);
  const answer = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(start - 60_000),
      EndTime: new Date(clock.now() + 60_000),
      ScanBy: 'TimestampAscending',
      MetricDataQueries: [
        {
          Id: 'm',
          MetricStat: {
            Metric: {
              Namespace: 'Foretide',
              MetricName: name,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
            },
            Period: 10,
            Stat: 'Average',
          },
        },
      ],
    }),
  );
  client.destroy();
  return answer.MetricDataResults?.[0]?.Values ?? [];
}

describe('metrics', () => {
  const yaml = 'publish: {cloudWatch: {every: 10s}}';

  it('are the sizes and readings of every group, each period once, through throttling', async () => {
    const { pass, start: begin, stop } = publishing(yaml);
    let desired = 3;
    begin({ groups: () => [makeStatus('web', desired)], ...unforecast });
    cloud.faults.inject('PutMetricData', { kind: 'throttle' }, 4);
    for (; desired < 9; desired += 1) await pass(10);
    // The SDK's own tries take real time, and a busy machine more of it.
    const expected = [3, 4, 5, 6, 7, 8];
    await vi.waitFor(
      async () => {
        await pass(1);
        const values = await readMetric('DesiredCapacity', { Group: 'web' });
        expect(values.slice(0, expected.length)).toEqual(expected);
      },
      { timeout: 15_000, interval: 50 },
    );
    await stop();
    const serving = await readMetric('InServiceInstances', { Group: 'web' });
    expect(serving.length).toBeGreaterThanOrEqual(expected.length);
    const demand = await readMetric('Demand', { Group: 'web' });
    expect(demand.slice(0, expected.length)).toEqual([2.5, 3.5, 4.5, 5.5, 6.5, 7.5]);
    const signal = { Group: 'web', Signal: 'mean(cpu)/1000ms' };
    expect(new Set(await readMetric('Signal', signal))).toEqual(new Set([0.42]));
    expect(logged.filter((line) => line.includes('takes no values'))).toHaveLength(1);
    expect(logged.filter((line) => line.includes('takes values again'))).toHaveLength(1);
  });

  it('are no more than were allowed, sizes before readings, and that is said', async () => {
    const limited = 'publish: {cloudWatch: {every: 10s, metricsMax: 11}}';
    const { pass, start: begin, stop } = publishing(limited);
    begin({ groups: () => [makeStatus('a', 2), makeStatus('b', 2)], ...unforecast });
    await pass(25);
    await stop();
    const client = new CloudWatchClient(settings);
    endings.push(() => client.destroy());
    const { Metrics = [] } = await client.send(new ListMetricsCommand({ Namespace: 'Foretide' }));
    expect(Metrics.filter(({ MetricName }) => MetricName !== 'Signal')).toHaveLength(10);
    expect(Metrics).toHaveLength(11);
    expect(logged.filter((line) => line.includes('more than 11 metrics'))).toHaveLength(1);
  });

  it('have the demand that a launch begun now will meet, and nothing while nobody knows it', async () => {
    const { pass, start: begin, stop } = publishing(yaml);
    const sizing = { ...makeForecast().sizing, leadMs: 400_000 };
    const told = [
      makeForecast(),
      makeForecast({ isUsable: false, code: 'no-recent-demand', quantiles: [] }),
      makeForecast({ sizing, demand: 2.5 }),
      makeForecast({ isUsable: false, code: 'still-learning' }),
    ];
    begin({
      groups: () => [makeStatus('web', 3)],
      forecast: () => told[Math.floor((clock.now() - start) / 10_000) - 1] ?? null,
    });
    await pass(45);
    await stop();
    const read = (name: string) => readMetric(name, { Group: 'web' });
    expect(await read('OfferedDemand')).toEqual([1.5, 2.5]);
    // 180 s ahead the first whole step has not begun; 430 s ahead it goes on.
    expect(await read('ForecastDemand')).toEqual([2, 2]);
    expect(await read('ForecastDemandUpper')).toEqual([3, 3]);
    const later = makeForecast({ start: start - 60_000, sizing });
    const metrics = listMetrics(
      { groups: () => [makeStatus('web', 3)], forecast: () => later },
      start,
    );
    expect(metrics.find(({ name }) => name === 'ForecastDemandUpper')?.value).toBe(6);
  });

  it('keep places for forecasts before readings, also while there is none', async () => {
    const {
      pass,
      start: begin,
      stop,
    } = publishing('publish: {cloudWatch: {every: 10s, metricsMax: 8}}');
    let isUsable = false;
    begin({
      groups: () => [makeStatus('web', 2)],
      forecast: () => makeForecast({ isUsable }),
    });
    await pass(15);
    isUsable = true;
    await pass(10);
    await stop();
    expect(await readMetric('ForecastDemandUpper', { Group: 'web' })).toEqual([3]);
    expect(logged.filter((line) => line.includes('mean(cpu)/1000ms of web'))).toHaveLength(1);
  });

  it('say what they cost at most', () => {
    expect(describeCost(200, 60_000)).toBe('at most $60.43 a month (200 metrics, 43200 calls)');
    publishing(yaml).start({ groups: () => [], ...unforecast });
    expect(logged[0]).toContain('publishing to CloudWatch as Foretide: at most $62.59 a month');
  });
});

describe('events', () => {
  const decision: Decision = {
    group: 'web',
    at: start,
    kind: 'scale-out',
    from: 2,
    to: 4,
    wanted: 4,
    acts: true,
    recommendations: [],
    adjustments: [],
  };

  async function watch(sqs: SQSClient): Promise<() => Promise<readonly unknown[]>> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'watch' }));
    const bridge = new EventBridgeClient(settings);
    endings.push(() => bridge.destroy());
    const EventPattern = JSON.stringify({ source: ['foretide'], detail: { group: ['web'] } });
    await bridge.send(new PutRuleCommand({ Name: 'decisions', EventPattern }));
    const Arn = 'arn:aws:sqs:us-east-1:123456789012:watch';
    await bridge.send(new PutTargetsCommand({ Rule: 'decisions', Targets: [{ Id: 'q', Arn }] }));
    return async () => {
      const ask = { QueueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(ask));
      return Messages.map(({ Body }) => JSON.parse(Body ?? '{}') as unknown);
    };
  }

  it('tell of a decision and of what came of it, though the first calls are refused', async () => {
    const sqs = new SQSClient(settings);
    endings.push(() => sqs.destroy());
    const receive = await watch(sqs);
    const { announcer, pass, stop } = publishing('publish: {eventBridge: {}}');
    cloud.faults.inject('PutEvents', { kind: 'throttle' }, 2);
    announcer?.decided(decision, 'scale out from 2 to 4: cpu is 90%');
    announcer?.concluded(decision, {
      kind: 'refused',
      code: 'throttled',
      message: 'Rate exceeded',
    });
    await pass(10);
    await stop();
    expect(await receive()).toMatchObject([
      {
        source: 'foretide',
        'detail-type': 'Foretide Scaling Decision',
        detail: { group: 'web', from: 2, to: 4, acts: true, at: '2026-03-02T10:00:00.000Z' },
      },
      { 'detail-type': 'Foretide Scaling Outcome', detail: { outcome: 'refused' } },
    ]);
  });
});

describe('the config', () => {
  it.each([
    ['{cloudWatch: {namespace: AWS/EC2}}', /not beginning with AWS/u],
    ['{cloudWatch: {every: 0s}}', /1s/u],
    ['{cloudWatch: {metricsMax: 0}}', /1/u],
    ['{eventBridge: {bus: "a b"}}', /event bus/u],
    ['{cloudwatch: {}}', /cloudWatch/u],
  ])('%s is refused in one line', (publish, message) => {
    const loaded = loadConfig(`publish: ${publish}\ngroups: [{name: web, max: 5}]`, 'test');
    expect(loaded.ok).toBe(false);
    expect(JSON.stringify(loaded)).toMatch(message);
  });
});
