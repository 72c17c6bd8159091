import { describe, expect, it } from 'vitest';
import { createFakeApi, createFakeController, present } from './testing/fake-controller.ts';

async function post(body: object, group = 'web') {
  const { socket } = createFakeApi(createFakeController());
  const headers = { 'content-type': 'application/json' };
  const path = `/v1/groups/${group}/history`;
  const reply = await socket.request(path, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: await reply.json() };
}

describe('forecasts over HTTP', () => {
  it('say for which group and how far they are to be had', async () => {
    const { socket } = createFakeApi(createFakeController());
    const status = async (path: string) => (await socket.request(path)).status;
    expect(await status('/v1/groups/web/forecast')).toBe(200);
    expect(await status('/v1/groups/batch%20jobs/forecast')).toBe(404);
    expect(await status('/v1/groups/webb/forecast')).toBe(404);
    for (const hours of ['0', '49', 'x', '1.5']) {
      expect(await status(`/v1/groups/web/forecast?hours=${hours}`)).toBe(422);
    }
  });

  it('refuse a past that is none', async () => {
    const good = [present - 120_000, 1];
    for (const bad of [
      [present - 119_000, 1],
      [present - 120_000, -1],
      ['x', 1],
      [present, 1],
    ]) {
      expect((await post({ minutes: [good, bad] })).status).toBe(422);
    }
    expect((await post({ minutes: [good] })).status).toBe(200);
    expect((await post({ minutes: [good] }, 'batch%20jobs')).status).toBe(404);
  });

  it('answer /predict with their median for one instance, where they are of CPU', async () => {
    const fake = createFakeController();
    const predict = async () => {
      const reply = await createFakeApi(fake).loopback.request('/predict?group=web');
      return (await reply.json()) as object;
    };
    expect(await predict()).toMatchObject({ predicted_next: 50, recommendation: 'Maintain' });
    if (fake.forecast === null) throw new Error('the fake has no forecast');
    const forecast = { ...fake.forecast, signal: 'cpu', quantiles: [[3, 4, 4.5]] };
    fake.forecast = forecast;
    expect(await predict()).toMatchObject({ predicted_next: 80, recommendation: 'Scale Up' });
    fake.forecast = { ...forecast, isUsable: false, quantiles: [] };
    expect(await predict()).toMatchObject({ predicted_next: 50 });
  });
});
