// `/v1/groups`: what the controller sees, decides and remembers. Reads only.

import type { Hono } from 'hono';
import { z } from 'zod';
import type {
  GroupStatus,
  ReadModel,
  ToldDecision,
  ToldObstacles,
  ToldSizeObstacles,
} from '../controller/ports/control.ts';
import type { Decision, Direction } from '../core/decision.ts';
import type { EpochMs } from '../core/time.ts';
import type { ApiEnv } from './access/person.ts';
import type { DecisionsAnswer, GroupAnswer, GroupsAnswer, SignalAnswer } from './answers.ts';
import { describeUnknownGroup, findStatus } from './find-group.ts';
import { resolveMoment } from './moments.ts';
import { answerProblem, refuse, type Found } from './problem.ts';
import { momentField, rangeFields, resolveRange, tellTime } from './range.ts';
import { readQuery } from './read-input.ts';
import { readSeries } from './series.ts';
import { versionOf } from './override-version.ts';

const dayMs = 86_400_000;
const decisionSpan = { spanMs: 7 * dayMs, spanMaxMs: 400 * dayMs };
/** A minute is about 80 bytes of JSON. */
const signalSpan = { spanMs: dayMs, spanMaxMs: 14 * dayMs };
const seriesSpan = { spanMs: 3_600_000, spanMaxMs: 31 * dayMs };
const pointsMin = 2;
const pointsMax = 2000;
const pointsDefault = 600;
const decisionsDefault = 100;
const decisionsMax = 1000;
const sizeMax = 100_000;

const kinds = ['scale-out', 'scale-in', 'hold'] as const satisfies readonly Decision['kind'][];

export const decisionsQuery = z.strictObject({
  ...rangeFields,
  kind: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(kinds)))
    .optional()
    .describe(`any of ${kinds.join(', ')}, separated by commas`),
  limit: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(decisionsMax))
    .optional()
    .describe(`a whole number from 1 to ${decisionsMax}`),
});
export const whyQuery = z.strictObject({
  at: momentField.optional().describe(momentField.description ?? ''),
});
export const whyNotQuery = z.strictObject({
  direction: z.enum(['scale-in', 'scale-out']).optional().describe('scale-in or scale-out'),
  size: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().max(sizeMax))
    .optional()
    .describe(`a whole number from 0 to ${sizeMax}`),
  at: momentField.optional().describe(momentField.description ?? ''),
});
export const signalQuery = z.strictObject(rangeFields);
export const seriesQuery = z.strictObject({
  ...rangeFields,
  points: z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.int().min(pointsMin).max(pointsMax))
    .optional()
    .describe(`a whole number from ${pointsMin} to ${pointsMax}`),
});
export const noQuery = z.strictObject({});

export function addGroupRoutes(app: Hono<ApiEnv>, { read }: { readonly read: ReadModel }): void {
  app.get('/v1/groups', (context) => {
    const query = readQuery(context, noQuery);
    if (!query.ok) return answerProblem(query.problem);
    const config = read.config?.();
    const groups = read.groups();
    return context.json<GroupsAnswer>({ groups, ...(config !== undefined && { config }) });
  });

  app.get('/v1/groups/:group', (context) => {
    const query = readQuery(context, noQuery);
    if (!query.ok) return answerProblem(query.problem);
    const name = context.req.param('group');
    const detail = read.group(name);
    if (detail === null) return answerProblem(describeUnknownGroup(read.groups(), name));
    const overridesVersion = versionOf(detail);
    context.header('etag', `"${overridesVersion}"`);
    return context.json<GroupAnswer>({ ...detail, overridesVersion });
  });

  app.get('/v1/groups/:group/decisions', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, decisionsQuery);
    if (!query.ok) return answerProblem(query.problem);
    const range = resolveRange(query.value, { now: read.now(), ...decisionSpan });
    if (!range.ok) return answerProblem(range.problem);
    const { kind = kinds, limit = decisionsDefault } = query.value;
    const { name } = group.value;
    const found = await read.decisions(name, { ...range.value, kinds: kind, limit });
    if (!found.ok) return answerProblem(storeFailed(found.message));
    return context.json<DecisionsAnswer>({ group: name, decisions: found.value });
  });

  app.get('/v1/groups/:group/why', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, whyQuery);
    if (!query.ok) return answerProblem(query.problem);
    const now = read.now();
    const { at } = query.value;
    const told =
      at === undefined
        ? await findCurrent(read, group.value)
        : await findAt(read, group.value.name, resolveMoment(at, now));
    return told.ok ? context.json(told.value) : answerProblem(told.problem);
  });

  app.get('/v1/groups/:group/why-not', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, whyNotQuery);
    if (!query.ok) return answerProblem(query.problem);
    const { at, direction, size } = query.value;
    const sought = direction ?? size;
    if (sought === undefined || (direction !== undefined && size !== undefined)) {
      const found = sought === undefined ? 'neither direction nor size' : 'direction and size';
      const detail = `found ${found}; allowed: one of the two`;
      return answerProblem({ status: 422, code: 'bad-input', detail });
    }
    const moment = at === undefined ? null : resolveMoment(at, read.now());
    const told = await findObstacles(read, { name: group.value.name, sought, at: moment });
    return told.ok ? context.json(told.value) : answerProblem(told.problem);
  });

  app.get('/v1/groups/:group/signals/:signal', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, signalQuery);
    if (!query.ok) return answerProblem(query.problem);
    const range = resolveRange(query.value, { now: read.now(), ...signalSpan });
    if (!range.ok) return answerProblem(range.problem);
    const { name } = group.value;
    const signal = context.req.param('signal');
    const found = await read.minutes(name, { signal, ...range.value });
    if (!found.ok) return answerProblem(storeFailed(found.message));
    return context.json<SignalAnswer>({ group: name, signal, minutes: found.value });
  });

  app.get('/v1/groups/:group/series', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, seriesQuery);
    if (!query.ok) return answerProblem(query.problem);
    const range = resolveRange(query.value, { now: read.now(), ...seriesSpan });
    if (!range.ok) return answerProblem(range.problem);
    const { points = pointsDefault } = query.value;
    const series = await readSeries(read, group.value.name, { ...range.value, points });
    return series.ok ? context.json(series.value) : answerProblem(series.problem);
  });
}

/** From memory where it can be: it is newer than the journal, and there while that cannot be read. */
async function findCurrent(read: ReadModel, { name }: GroupStatus): Promise<Found<ToldDecision>> {
  const told = read.currentDecision(name);
  return told === null ? findAt(read, name, read.now()) : { ok: true, value: told };
}

async function findAt(read: ReadModel, name: string, at: EpochMs): Promise<Found<ToldDecision>> {
  const now = read.now();
  if (at > now) return refuse(stillToCome(at, now));
  const found = await read.decisionAt(name, at);
  if (!found.ok) return refuse(storeFailed(found.message));
  if (found.value !== null) return { ok: true, value: found.value };
  const detail = `no decision for ${name} is recorded up to ${tellTime(at)}`;
  return refuse({ status: 404, code: 'no-decision', detail });
}

async function findObstacles(
  read: ReadModel,
  { at, name, sought }: { name: string; sought: Direction | number; at: EpochMs | null },
): Promise<Found<ToldObstacles | ToldSizeObstacles>> {
  const now = read.now();
  if (at !== null && at > now) return refuse(stillToCome(at, now));
  const found =
    typeof sought === 'number'
      ? await read.sizeObstacles(name, sought, at)
      : await read.obstacles(name, sought, at);
  if (!found.ok) return refuse(storeFailed(found.message));
  if (found.value !== null) return { ok: true, value: found.value };
  const detail = `what ${name} was decided from is not known up to ${tellTime(at ?? now)}`;
  return refuse({ status: 404, code: 'no-decision', detail });
}

function stillToCome(at: EpochMs, now: EpochMs) {
  const detail = `at is ${tellTime(at)}, which is still to come: it is ${tellTime(now)}`;
  return { status: 422, code: 'bad-input', detail } as const;
}

function storeFailed(message: string) {
  return { status: 503, code: 'store', detail: message } as const;
}
