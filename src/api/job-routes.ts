// `/v1/jobs`: simulate or compare a config on generated, given or recorded traffic.

import type { Hono } from 'hono';
import { z } from 'zod';
import type { ReadModel } from '../controller/ports/control.ts';
import type { ApiEnv } from './access/person.ts';
import { findStatus } from './find-group.ts';
import { waitingJobsMax, type Job, type Jobs, type JobTask } from './jobs.ts';
import { durationGrammar, parseDuration, parseMoment } from './moments.ts';
import { answerProblem, refuse, type Found, type Problem } from './problem.ts';
import { resolveRange } from './range.ts';
import { readBody } from './read-input.ts';
import { configBytesMax } from './service-routes.ts';

const csvCharactersMax = 2_000_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const recordedSpan = { spanMs: dayMs, spanMaxMs: 31 * dayMs };
/** Fewer tell nothing of a policy. */
const recordedMinutesMin = 30;

const moment = z.string().refine((text) => parseMoment(text) !== null);

function lasting(mostMs: number) {
  return z
    .string()
    .transform((text) => parseDuration(text) ?? Number.NaN)
    .pipe(z.number().min(1000).max(mostMs));
}

const generated = z.strictObject({
  generator: z.string().regex(/^[a-z-]{1,40}$/),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .optional(),
  duration: lasting(60 * dayMs).optional(),
});
const given = z.strictObject({ csv: z.string().min(1).max(csvCharactersMax) });
const recorded = z.strictObject({
  journal: z.string().min(1).max(255),
  from: moment.optional(),
  to: moment.optional(),
});

export const jobBody = z.strictObject({
  kind: z.enum(['simulate', 'compare']).describe('simulate, compare'),
  config: z
    .string()
    .min(1)
    .max(configBytesMax)
    .describe(`the text of a foretide.yaml, up to ${configBytesMax} characters`),
  group: z.string().min(1).max(255).optional().describe('the name of a group of that config'),
  trace: z
    .union([generated, given, recorded])
    .describe(
      `one of {generator, seed?, duration? up to 60d}, {csv: up to ${csvCharactersMax} characters}, {journal: a group's name, from?, to?}`,
    ),
  boot: lasting(hourMs).optional().describe(`${durationGrammar}, from 1s to 1h`),
  capacity: z
    .number()
    .positive()
    .max(1e9)
    .optional()
    .describe('the work per second of an instance, above 0'),
});

export interface JobRouteOptions {
  readonly read: ReadModel;
  readonly jobs: Jobs;
}

export function addJobRoutes(app: Hono<ApiEnv>, { jobs, read }: JobRouteOptions): void {
  app.post('/v1/jobs', async (context) => {
    const body = await readBody(context, jobBody);
    if (!body.ok) return answerProblem(body.problem);
    const task = await makeTask(read, body.value);
    if (!task.ok) return answerProblem(task.problem);
    const job = jobs.start(task.value, context.get('person').name);
    if (job === null) return answerProblem(tooManyJobs, { 'retry-after': '10' });
    return context.json({ id: job.id }, 202);
  });

  app.get('/v1/jobs/:id', (context) => {
    const job = jobs.find(context.req.param('id'));
    return job === null ? answerProblem(noJob) : context.json(job);
  });

  app.delete('/v1/jobs/:id', (context) => {
    const id = context.req.param('id');
    return jobs.cancel(id) ? context.json({ id }) : answerProblem(noJob);
  });
}

/** A job as its event tells it: the result is asked for. */
export function describeJob({ id, kind, problem, progress, state }: Job): object {
  return { id, kind, state, progress, problem };
}

const tooManyJobs: Problem = {
  status: 503,
  code: 'too-many-jobs',
  detail: `${waitingJobsMax} jobs wait already; one runs at a time`,
};

const noJob: Problem = {
  status: 404,
  code: 'no-job',
  detail: 'there is no such job; those that ended long ago are forgotten, and all with a restart',
};

type JobBody = z.output<typeof jobBody>;

async function makeTask(read: ReadModel, body: JobBody): Promise<Found<JobTask>> {
  const { boot = null, capacity = null, config, group = null, kind, trace } = body;
  const shared = { kind, config, group, bootMs: boot, capacity };
  if ('csv' in trace) return { ok: true, value: { ...shared, trace: { csv: trace.csv } } };
  if ('generator' in trace) {
    const { duration = null, generator, seed = 1 } = trace;
    return { ok: true, value: { ...shared, trace: { generator, seed, durationMs: duration } } };
  }
  const csv = await readRecorded(read, trace);
  if (!csv.ok) return csv;
  // The work is in instances that are busy all of the time.
  return { ok: true, value: { ...shared, capacity: 1, trace: { csv: csv.value } } };
}

/** What a group's instances did, minute by minute: their mean CPU times how many were in service. */
async function readRecorded(
  read: ReadModel,
  { from, journal, to }: z.output<typeof recorded>,
): Promise<Found<string>> {
  const group = findStatus(read, journal);
  if (!group.ok) return group;
  const written = { from: readMoment(from), to: readMoment(to) };
  const range = resolveRange(written, { now: read.now(), ...recordedSpan });
  if (!range.ok) return range;
  const cpu = await read.minutes(journal, { signal: 'cpu', ...range.value });
  const sizes = await read.minutes(journal, { signal: '@inService', ...range.value });
  if (!cpu.ok || !sizes.ok) {
    const detail = cpu.ok ? '' : cpu.message;
    return refuse({ status: 503, code: 'store', detail: detail || 'the store cannot be read' });
  }
  const sizeAt = new Map(sizes.value.map(({ mean, start }) => [start, mean]));
  const lines = cpu.value.flatMap(({ mean, start }) => {
    const size = sizeAt.get(start);
    return size === undefined ? [] : [`${start / 1000},${mean * size}`];
  });
  if (lines.length >= recordedMinutesMin) {
    return { ok: true, value: ['timestamp,value', ...lines].join('\n') };
  }
  const detail = `${lines.length} minutes of cpu and size are recorded of ${journal} there; ${recordedMinutesMin} are needed`;
  return refuse({ status: 422, code: 'bad-input', detail });
}

function readMoment(text: string | undefined) {
  return text === undefined ? undefined : (parseMoment(text) ?? undefined);
}
