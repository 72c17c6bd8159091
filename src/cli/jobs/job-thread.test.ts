import { describe, expect, it } from 'vitest';
import { createJobs, type Job, type JobTask } from '../../api/jobs.ts';
import { jobThreadUrl } from './job-thread-url.ts';

const config = 'groups:\n  - { name: web, max: 20 }\n';
const task: JobTask = {
  kind: 'simulate',
  config,
  group: 'web',
  trace: { generator: 'diurnal', seed: 1, durationMs: 3 * 3_600_000 },
  bootMs: 60_000,
  capacity: null,
};

async function run(wanted: JobTask): Promise<Job> {
  const seen: Job[] = [];
  const jobs = createJobs({ thread: jobThreadUrl(), onChange: (job) => seen.push(job) });
  jobs.start(wanted, null);
  await expect.poll(() => seen.at(-1)?.state, { timeout: 18_000 }).toMatch(/done|failed/);
  await jobs.close();
  return seen.at(-1) ?? Promise.reject(new Error('the job was never told of'));
}

describe('the thread of a job', () => {
  it('simulates as the command does', { timeout: 20_000 }, async () => {
    const job = await run(task);
    expect(job).toMatchObject({ state: 'done', problem: null });
    expect(job.result).toMatchObject({
      costInstanceSeconds: expect.any(Number),
      violationShare: expect.any(Number),
    });
    expect(job.svg).toMatch(/^<svg/);
  });

  it(
    'says every mistake of a config, and of a trace by its line',
    { timeout: 20_000 },
    async () => {
      const wrong = await run({ ...task, config: 'groups:\n  - { name: web, mx: 20 }\n' });
      expect(wrong.problem).toContain('groups[0].mx: found an unknown key');
      const trace = await run({ ...task, trace: { csv: 'timestamp,value\n0,1\nlater,2\n' } });
      expect(trace.problem).toContain('the trace');
      expect(trace.problem).toContain('later');
    },
  );
});
