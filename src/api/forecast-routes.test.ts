import { describe, expect, it } from 'vitest';
import { createToken, hashToken } from './access/tokens.ts';
import { present } from './testing/example-states.ts';
import { createFakeApi, createFakeController, openWeb } from './testing/fake-controller.ts';

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

  it('let an operator give a past, and write down who did', async () => {
    const fake = createFakeController();
    const secret = createToken();
    const tokens = [{ name: 'ann', role: 'operator', hash: hashToken(secret) }] as const;
    const { web } = createFakeApi(fake, { web: { ...openWeb, tokens } });
    const give = async (headers: Readonly<Record<string, string>>, isTrial: boolean) => {
      const reply = await web.request('/v1/groups/web/history', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ minutes: [[present - 120_000, 1]], isTrial }),
      });
      return reply.status;
    };
    const authorization = `Bearer ${secret}`;
    expect(await give({}, false)).toBe(403);
    expect(await give({ authorization }, true)).toBe(200);
    expect(fake.logged).toEqual([]);
    expect(await give({ authorization }, false)).toBe(200);
    expect(fake.logged).toEqual([expect.stringContaining('ann (bearer, local): history web')]);
  });

  it('answer /predict with their median for one instance, where they are of CPU', async () => {
    const fake = createFakeController();
    const predict = async () => {
      const reply = await createFakeApi(fake).web.request('/predict?group=web');
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
