import { describe, expect, it } from 'vitest';
import { readDatapoints } from './datapoints.ts';
import { serveWeb } from './serve.ts';
import { exchange, expectServing, type Reply } from './testing/exchange.ts';
import { minuteOf, present } from './testing/example-states.ts';
import {
  createFakeApi,
  createFakeController,
  type FakeController,
} from './testing/fake-controller.ts';
import { parseMetrics } from './testing/prometheus-parser.ts';

const minuteMs = 60_000;

/** One question to a server that is opened for it. */
async function get(
  path: string,
  fake: FakeController,
  importedHistory: ReadonlyMap<string, readonly { start: number; mean: number }[]> = new Map(),
): Promise<Reply> {
  const api = createFakeApi(fake, { importedHistory });
  const served = expectServing(await serveWeb(api, { port: 0, log: fake.log }));
  try {
    return await exchange(served.address, { path });
  } finally {
    await served.close();
  }
}

function withCpu(means: readonly number[], newest = present): FakeController {
  const fake = createFakeController();
  const minutes = means.map((mean, index) =>
    minuteOf(newest - (means.length - index) * minuteMs, mean),
  );
  fake.minutes.set('web/cpu', minutes);
  return fake;
}

describe('/predict', () => {
  it.each([
    [0.61, 'Scale Up'],
    [0.6, 'Maintain'],
    [0.2, 'Maintain'],
    [0.19, 'Scale Down'],
  ])('recommends at a steady %f: %s', async (mean, recommendation) => {
    const reply = await get('/predict', withCpu(Array.from({ length: 30 }, () => mean)));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toEqual({
      current_avg: mean * 100,
      predicted_next: mean * 100,
      recommendation,
    });
  });

  it('sorts what it averages and follows where it goes', async () => {
    const rising = Array.from({ length: 60 }, (_, index) => 0.1 + index * 0.01);
    const { text } = await get('/predict', withCpu(rising));
    // Three numbers and a text, as the test above proves.
    const answer = JSON.parse(text) as { current_avg: number; predicted_next: number };
    expect(answer.current_avg).toBeCloseTo(39.5, 6);
    expect(answer.predicted_next).toBeGreaterThan(68.9);
    expect(answer.predicted_next).toBeLessThan(71);
  });

  it('answers with errors where there is nothing to answer', async () => {
    const none = await get('/predict?group=batch%20jobs', createFakeController());
    expect(none.status).toBe(503);
    expect(JSON.parse(none.text)).toMatchObject({ code: 'no-data' });
    const old = await get('/predict', withCpu([0.5], present - 30 * minuteMs));
    expect(JSON.parse(old.text)).toMatchObject({ status: 503, code: 'no-data' });
    const broken = withCpu([0.5]);
    broken.storeFault = 'the disk is full';
    expect((await get('/predict', broken)).status).toBe(503);
    expect((await get('/predict?group=', createFakeController())).status).toBe(422);
    expect((await get('/predict?group=x', createFakeController())).status).toBe(404);
  });

  it('takes a file of datapoints for history, however old and unsorted', async () => {
    const fake = createFakeController();
    fake.minutes.clear();
    const file = readDatapoints(
      JSON.stringify([
        { Timestamp: '2025-03-01T12:10:00Z', Average: 6, Unit: 'Percent' },
        { Timestamp: '2025-03-01T12:00:00Z', Average: 4, Unit: 'Percent' },
        { Timestamp: '2025-03-01T12:05:00Z', Average: 5, Unit: 'Percent' },
      ]),
    );
    if (!file.ok) throw new Error(file.message);
    const imported = new Map([['web', file.means]]);
    const answer = JSON.parse((await get('/predict', fake, imported)).text);
    expect(answer).toMatchObject({ current_avg: 5, recommendation: 'Scale Down' });
    expect(answer.predicted_next).toBeGreaterThanOrEqual(6);
    expect(answer.predicted_next).toBeLessThan(7.5);
    const points = JSON.parse((await get('/datapoints', fake, imported)).text);
    expect(points.Datapoints.map((one: { Average: number }) => one.Average)).toEqual([4, 5, 6]);
  });

  it('lets what was recorded stand over what was imported', async () => {
    const fake = withCpu([0.4, 0.4]);
    const imported = new Map([['web', [{ start: present - minuteMs, mean: 0.9 }]]]);
    const answer = JSON.parse((await get('/predict', fake, imported)).text);
    expect(answer).toEqual({ current_avg: 40, predicted_next: 40, recommendation: 'Maintain' });
  });
});

describe('/datapoints', () => {
  it('has the newest day, or the range asked for', async () => {
    const fake = withCpu(Array.from({ length: 2000 }, () => 0.29));
    const all = JSON.parse((await get('/datapoints', fake)).text);
    expect(all).toMatchObject({ Label: 'CPUUtilization' });
    expect(all.Datapoints).toHaveLength(1440);
    expect(all.Datapoints.at(-1)).toEqual({
      Timestamp: '2026-01-15T09:29:00Z',
      Average: 29,
      Unit: 'Percent',
    });
    const range = JSON.parse((await get('/datapoints?from=-10m&to=-5m', fake)).text);
    expect(range.Datapoints).toHaveLength(5);
  });
});

describe('/metrics', () => {
  it('is the text format that Prometheus reads', async () => {
    const fake = createFakeController();
    fake.families = [
      ...fake.families,
      {
        name: 'foretide_group_signal',
        help: 'What the group’s selectors read.\nAll of them: \\d.',
        type: 'gauge',
        samples: [{ labels: { group: 'we"b\\\n', selector: 'p95(cpu)/1000ms' }, value: 0.8 }],
      },
    ];
    const reply = await get('/metrics', fake);
    expect(reply.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    const families = parseMetrics(reply.text);
    expect(families.get('foretide_group_signal')).toEqual({
      help: 'What the group’s selectors read.\nAll of them: \\d.',
      type: 'gauge',
      samples: [
        {
          name: 'foretide_group_signal',
          labels: { group: 'we"b\\\n', selector: 'p95(cpu)/1000ms' },
          value: 0.8,
        },
      ],
    });
    expect(families.get('foretide_start_time_seconds')?.samples[0]?.value).toBe(
      present / 1000 - 3600,
    );
  });
});

describe('/healthz', () => {
  it('fails with the reasons', async () => {
    const fake = createFakeController();
    expect((await get('/healthz', fake)).status).toBe(200);
    fake.problems = ['the broker cannot be reached'];
    const reply = await get('/healthz', fake);
    expect(reply.status).toBe(503);
    expect(JSON.parse(reply.text)).toEqual({ status: 'failing', problems: fake.problems });
  });
});
