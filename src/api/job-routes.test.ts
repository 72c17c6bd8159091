import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from './create-api.ts';
import { createJobs, type Job, type JobTask } from './jobs.ts';
import { minuteOf, present } from './testing/example-states.ts';
import { createFakeApi, createFakeController } from './testing/fake-controller.ts';
import type { FakeController } from './testing/fake-controller.ts';

let fake: FakeController;
let api: Api;

beforeEach(() => {
  fake = createFakeController();
  api = createFakeApi(fake);
});

afterEach(() => api.close());

const headers = { 'content-type': 'application/json' };
const generated = { generator: 'steady', seed: 3, duration: '2h' };
const ask = { kind: 'simulate', config: 'echo', trace: generated };

async function start(body: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const reply = await api.web.request('/v1/jobs', {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
}

async function look(id: unknown): Promise<Job> {
  const reply = await api.web.request(`/v1/jobs/${String(id)}`);
  return (await reply.json()) as Job;
}

async function finish(id: unknown): Promise<Job> {
  await expect
    .poll(async () => (await look(id)).state, { timeout: 15_000 })
    .not.toMatch(/waiting|running/);
  return look(id);
}

describe('a job', () => {
  it('is started by anyone who may read, and ends with a result', async () => {
    const { body, status } = await start(ask);
    expect(status).toBe(202);
    expect(await finish(body['id'])).toMatchObject({
      kind: 'simulate',
      state: 'done',
      progress: 1,
      result: { trace: { generator: 'steady', seed: 3, durationMs: 7_200_000 } },
      svg: '<svg/>',
      problem: null,
    });
  });

  it('says what was wrong with what it was asked, and survives its own bugs', async () => {
    const refused = await start({ ...ask, config: 'refused' });
    expect(await finish(refused.body['id'])).toMatchObject({
      state: 'failed',
      problem: 'there is no such group',
    });
    const thrown = await start({ ...ask, config: 'throws' });
    expect((await finish(thrown.body['id'])).problem).toContain('a bug');
  });

  it('can be ended, also while it waits for its turn', async () => {
    const first = await start({ ...ask, config: 'endless' });
    const second = await start({ ...ask, config: 'endless' });
    await expect.poll(async () => (await look(first.body['id'])).state).toBe('running');
    expect((await look(second.body['id'])).state).toBe('waiting');
    for (const { body } of [second, first]) {
      const path = `/v1/jobs/${String(body['id'])}`;
      expect((await api.web.request(path, { method: 'DELETE' })).status).toBe(200);
      expect((await look(body['id'])).state).toBe('cancelled');
    }
    const third = await start(ask);
    expect((await finish(third.body['id'])).state).toBe('done');
    const gone = await api.web.request('/v1/jobs/none', { method: 'DELETE' });
    expect(gone.status).toBe(404);
  });

  it('is refused where eight wait', async () => {
    const replies: number[] = [];
    for (let count = 0; count < 10; count += 1) {
      replies.push((await start({ ...ask, config: 'endless' })).status);
    }
    expect(replies).toEqual([...Array.from({ length: 9 }, () => 202), 503]);
  });

  it('is ended when it takes too long, and forgotten after twenty others', async () => {
    const seen: Job[] = [];
    const thread = new URL('./testing/fake-job-thread.ts', import.meta.url);
    const jobs = createJobs({ thread, onChange: (job) => seen.push(job), limitMs: 50 });
    const shared = { kind: 'simulate', group: null, bootMs: null, capacity: null } as const;
    const task: JobTask = { ...shared, config: 'endless', trace: { csv: 'x' } };
    const slow = jobs.start(task, 'ana');
    await expect.poll(() => seen.at(-1)?.problem, { timeout: 10_000 }).toContain('0.05 s');
    expect(slow?.by).toBe('ana');
    for (let count = 0; count < 20; count += 1) {
      const job = jobs.start(task, null);
      jobs.cancel(job?.id ?? '');
    }
    expect(jobs.find(slow?.id ?? '')).toBeNull();
    await jobs.close();
  });

  it('runs on what was recorded of a group: its cpu times its size', async () => {
    fake.minutes.set(
      'web/@inService',
      Array.from({ length: 60 }, (_, index) => minuteOf(present - (60 - index) * 60_000, 4)),
    );
    const { body } = await start({ ...ask, trace: { journal: 'web', from: '-1h' } });
    const { result } = await finish(body['id']);
    const { trace } = result as { trace: { csv: string } };
    expect(trace.csv.split('\n')).toHaveLength(61);
    expect(trace.csv.split('\n')[1]).toBe(`${present / 1000 - 3600},2`);
    const short = await start({ ...ask, trace: { journal: 'web', from: '-5m' } });
    expect(short).toMatchObject({ status: 422 });
    expect(short.body['detail']).toContain('30 are needed');
  });

  it.each([
    [{ ...ask, kind: 'guess' }, 'kind is "guess"; allowed: simulate, compare'],
    [{ ...ask, config: 'x'.repeat(300_000) }, 'config is'],
    [{ ...ask, trace: { csv: 'x'.repeat(2_000_001) } }, 'trace is'],
    [{ ...ask, trace: { generator: 'steady', duration: '400d' } }, 'trace is'],
    [{ ...ask, trace: { generator: '../../etc/passwd' } }, 'trace is'],
    [{ ...ask, trace: { journal: 'web', from: 'noon' } }, 'trace is'],
    [{ ...ask, boot: '2h' }, 'boot is "2h"'],
    [{ ...ask, capacity: 0 }, 'capacity is 0'],
    [{ ...ask, command: 'rm' }, 'unknown key command'],
    [{ ...ask, trace: { journal: 'nobody' } }, 'there is no group nobody'],
  ])('is refused with %#', async (body, detail) => {
    expect(String((await start(body)).body['detail'])).toContain(detail);
  });

  it('has a body of three megabytes at most', async () => {
    const { body, status } = await start({ ...ask, trace: { csv: 'x'.repeat(3_200_000) } });
    expect([status, body['code']]).toEqual([413, 'too-large']);
  });
});
