// The sources over AWS, through the real SDK, against the local cloud.

import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { SourceOutcome } from '../../src/controller/ports/signal-source.ts';
import type { CloudWatchOrigin } from '../../src/sources/cloudwatch-queries.ts';
import {
  createSources,
  type SourceOrigin,
  type Sources,
} from '../../src/sources/create-sources.ts';
import { queriesPerCallMax } from '../../src/sources/cloudwatch-source.ts';
import type { SqsOrigin } from '../../src/sources/sqs-source.ts';
import { startSqs, type SqsFixture } from './sqs-fixture.ts';

const minuteMs = 60_000;
let sqs: SqsFixture;
let sources: Sources;

beforeEach(async () => {
  sqs = await startSqs();
  const { endpoint, credentials } = sqs.harness.clientConfig;
  sources = createSources({ now: () => sqs.clock.now(), connection: { endpoint, credentials } });
});

afterEach(async () => {
  sources.close();
  await sqs.close();
});

async function read(origin: SourceOrigin): Promise<SourceOutcome> {
  return await sources.create(origin).read();
}

const nameOf = (url: string): string => url.split('/').at(-1) ?? '';

describe('a source of SQS', () => {
  function origin(queues: SqsOrigin['queues'], count: SqsOrigin['count'] = 'visible'): SqsOrigin {
    return { type: 'sqs', region: 'us-east-1', roleArn: null, account: null, queues, count };
  }

  it.each([
    { count: 'visible', value: 2 },
    { count: 'in-flight', value: 1 },
    { count: 'delayed', value: 1 },
    { count: 'unfinished', value: 3 },
    { count: 'all', value: 4 },
  ] as const)('counts $value messages that are $count', async ({ count, value }) => {
    const url = await sqs.createQueue();
    for (const body of ['a', 'b', 'c']) await sqs.send(url, body);
    await sqs.send(url, 'd', { DelaySeconds: 60 });
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    const measuredAt = sqs.clock.now();
    for (const queue of [url, nameOf(url)]) {
      const outcome = await read(origin([{ queue, weight: 1 }], count));
      expect(outcome).toEqual({ kind: 'value', value, measuredAt });
    }
  });

  it('reads an empty queue as a true zero', async () => {
    const queue = await sqs.createQueue();
    expect(await read(origin([{ queue, weight: 1 }]))).toMatchObject({ kind: 'value', value: 0 });
  });

  it('adds queues up by their weights', async () => {
    const [small, large] = [await sqs.createQueue(), await sqs.createQueue()];
    await sqs.send(small, 'a');
    for (const body of ['b', 'c']) await sqs.send(large, body);
    const queues = [
      { queue: nameOf(small), weight: 1 },
      { queue: nameOf(large), weight: 2.5 },
    ];
    expect(await read(origin(queues))).toMatchObject({ value: 6 });
  });

  it('has no value where one of the queues is not there, and names it', async () => {
    const queue = await sqs.createQueue();
    const outcome = await read(
      origin([
        { queue, weight: 1 },
        { queue: 'nobody', weight: 1 },
      ]),
    );
    expect(outcome).toEqual({
      kind: 'failed',
      message: expect.stringMatching(/^GetQueueUrl nobody: .*not exist/),
    });
  });
});

describe('a source of CloudWatch', () => {
  let client: CloudWatchClient;

  beforeEach(() => {
    client = new CloudWatchClient(sqs.harness.clientConfig);
  });

  afterEach(() => client.destroy());

  async function put(metric: string, value: number, agoMs: number): Promise<void> {
    const Timestamp = new Date(sqs.clock.now() - agoMs);
    const datum = { MetricName: metric, Value: value, Timestamp };
    await client.send(new PutMetricDataCommand({ Namespace: 'App', MetricData: [datum] }));
  }

  function origin(...names: readonly string[]): CloudWatchOrigin {
    const metrics = names.map((metric) => ({
      id: metric,
      namespace: 'App',
      metric,
      dimensions: {},
      statistic: 'Sum',
      periodMs: minuteMs,
    }));
    return { type: 'cloudwatch', region: 'us-east-1', roleArn: null, metrics, expression: null };
  }

  it('reads the newest period that is over, and tells when it ended', async () => {
    await put('requests', 5, 2 * minuteMs);
    await put('requests', 7, minuteMs);
    // Of the period that is still running: it would count too little.
    await put('requests', 1, 0);
    const outcome = await read(origin('requests'));
    expect(outcome).toEqual({ kind: 'value', value: 7, measuredAt: sqs.clock.now() });
  });

  it('computes metric math over ids that other sources have too', async () => {
    await put('requests', 90, minuteMs);
    await put('errors', 30, minuteMs);
    const both = origin('requests', 'errors');
    const outcomes = await Promise.all([
      read({ ...both, expression: 'errors / requests' }),
      read({ ...both, expression: 'SUM([requests, errors])' }),
      read(origin('errors')),
    ]);
    expect(outcomes.map(valueOf)).toEqual([1 / 3, 120, 30]);
  });

  it('tells nothing measured from zero', async () => {
    await put('zero', 0, minuteMs);
    expect(await read(origin('zero'))).toMatchObject({ kind: 'value', value: 0 });
    expect(await read(origin('unheard'))).toMatchObject({ kind: 'nothing' });
  });

  it('finds the source whose query is refused, and reads the others', async () => {
    await put('requests', 4, minuteMs);
    const bad = { ...origin('requests'), expression: 'NOSUCH(requests' };
    const read9 = (): Promise<readonly SourceOutcome[]> =>
      Promise.all(
        [...Array(4).fill(origin('requests')), bad, ...Array(4).fill(origin('requests'))].map(read),
      );
    for (let round = 0; round < 2; round += 1) {
      const outcomes = await read9();
      expect(outcomes.map(valueOf)).toEqual([4, 4, 4, 4, null, 4, 4, 4, 4]);
      expect(outcomes[4]).toMatchObject({
        kind: 'failed',
        message: expect.stringContaining('GetMetricData: '),
      });
    }
  });

  it('reads more sources at once than go into one call', async () => {
    await put('requests', 3, minuteMs);
    const many = Array.from({ length: queriesPerCallMax + 20 }, () => read(origin('requests')));
    const values = (await Promise.all(many)).map(valueOf);
    expect(values).toEqual(values.map(() => 3));
  });
});

function valueOf(outcome: SourceOutcome): number | null {
  return outcome.kind === 'value' ? outcome.value : null;
}
