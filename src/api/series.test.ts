import { describe, expect, it } from 'vitest';
import { minuteOf, present } from './testing/example-states.ts';
import { createFakeApi, createFakeController } from './testing/fake-controller.ts';

const fake = createFakeController();
const api = createFakeApi(fake);

async function ask(query: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const reply = await api.socket.request(`/v1/groups/web/series${query}`);
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

function column(body: Record<string, unknown>, name: string): readonly (number | null)[] {
  // Compared number by number.
  return body[name] as readonly (number | null)[];
}

describe('the series of a group', () => {
  it('keep each peak in the greatest of their place, at no more places than asked for', async () => {
    const minutes = Array.from({ length: 30 * 1440 }, (_, index) => {
      const start = present - (30 * 1440 - index) * 60_000;
      return index === 20_000 ? { ...minuteOf(start, 5), highest: 90 } : minuteOf(start, 5);
    });
    fake.minutes.set('web/@demand', minutes);
    for (const points of [2, 7, 600, 2000]) {
      const { body } = await ask(`?from=-30d&points=${points}`);
      const highest = column(body, 'demandMax');
      expect(highest.length).toBeLessThanOrEqual(points);
      expect(Math.max(...highest.map((one) => one ?? 0))).toBe(90);
      expect(Math.min(...column(body, 'demandMin').map((one) => one ?? 5))).toBe(5);
      expect(column(body, 'desired')).toHaveLength(highest.length);
    }
  });

  it('are fine where the range is short, and null where nothing was recorded', async () => {
    const { body } = await ask('?from=-10m&points=1000');
    expect(body['stepMs']).toBe(10_000);
    expect(column(body, 'desired').slice(0, 3)).toEqual([null, null, null]);
    expect(column(body, 'desired').at(-2)).toBe(6);
  });

  it.each([
    ['?from=-32d', 422],
    ['?points=1', 422],
    ['?points=1e9', 422],
    ['?from=now&to=-1h', 422],
    ['?step=1', 422],
  ])('refuse %s', async (query, status) => {
    expect((await ask(query)).status).toBe(status);
  });

  it('say that the store failed', async () => {
    fake.storeFault = 'the disk is full';
    expect((await ask('')).status).toBe(503);
    fake.storeFault = null;
  });
});
