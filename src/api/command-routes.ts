// What people ask for over `/v1`: a size, one to hold at least, a pause, an end to any of them. Who asks is the user that the
// client names; only the owner of the socket can reach it.

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { Commands, ReadModel } from '../controller/ports/control.ts';
import type { Override } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';
import type { OverrideAnswer, ResumedAnswer } from './answers.ts';
import { findStatus } from './find-group.ts';
import { durationGrammar, parseDuration } from './moments.ts';
import { answerProblem, describeRefusal, refuse, type Found } from './problem.ts';
import { readBody, show } from './read-input.ts';
import { userHeader } from './user-header.ts';

/** After it the policies decide again, so that a forgotten wish does no lasting harm. */
export const setDefaultMs = 600_000;

const desiredMax = 100_000;
const lastingMinMs = 1000;
const lastingMaxMs = 30 * 86_400_000;
const userLengthMax = 64;
const whyLengthMax = 200;

/** Neither control nor formatting characters: it is shown in terminals and logs. */
const oneLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

const lastingMs = z.number().min(lastingMinMs).max(lastingMaxMs);
const lasting = z
  .union([
    z.null(),
    lastingMs,
    z
      .string()
      .transform((text) => parseDuration(text) ?? Number.NaN)
      .pipe(lastingMs),
  ])
  .optional()
  .describe(`${durationGrammar}, from 1s to 30d; null lasts until resumed`);
const why = z
  .string()
  .trim()
  .min(1)
  .max(whyLengthMax)
  .regex(oneLine)
  .describe(`one line of 1 to ${whyLengthMax} characters`);

const setBody = z.strictObject({
  desired: z.int().min(0).max(desiredMax).describe(`a whole number from 0 to ${desiredMax}`),
  for: lasting,
  why,
});
const holdBody = z.strictObject({
  atLeast: z.int().min(0).max(desiredMax).describe(`a whole number from 0 to ${desiredMax}`),
  for: lasting,
  why,
});
const pauseBody = z.strictObject({ for: lasting, why });
const resumeBody = z.strictObject({});

export interface CommandRouteOptions {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly user: string;
}

export function addCommandRoutes(app: Hono, options: CommandRouteOptions): void {
  const { commands, read } = options;

  app.post('/v1/groups/:group/set', async (context) => {
    const sender = findSender(context, options);
    if (!sender.ok) return answerProblem(sender.problem);
    const body = await readBody(context, setBody);
    if (!body.ok) return answerProblem(body.problem);
    const { desired, for: ms = setDefaultMs, why: reason } = body.value;
    const until = endOf(ms, read.now());
    const { by, group } = sender.value;
    return put(context, group, { kind: 'set', desired, until, by, why: reason });
  });

  app.post('/v1/groups/:group/hold', async (context) => {
    const sender = findSender(context, options);
    if (!sender.ok) return answerProblem(sender.problem);
    const body = await readBody(context, holdBody);
    if (!body.ok) return answerProblem(body.problem);
    const { atLeast, for: ms = setDefaultMs, why: reason } = body.value;
    const until = endOf(ms, read.now());
    const { by, group } = sender.value;
    return put(context, group, { kind: 'hold', atLeast, until, by, why: reason });
  });

  app.post('/v1/groups/:group/pause', async (context) => {
    const sender = findSender(context, options);
    if (!sender.ok) return answerProblem(sender.problem);
    const body = await readBody(context, pauseBody);
    if (!body.ok) return answerProblem(body.problem);
    const { for: ms = null, why: reason } = body.value;
    const { by, group } = sender.value;
    return put(context, group, { kind: 'pause', until: endOf(ms, read.now()), by, why: reason });
  });

  app.post('/v1/groups/:group/resume', async (context) => {
    const sender = findSender(context, options);
    if (!sender.ok) return answerProblem(sender.problem);
    const body = await readBody(context, resumeBody);
    if (!body.ok) return answerProblem(body.problem);
    const { by, group } = sender.value;
    const outcome = await commands.end(group, by);
    if (outcome.kind === 'refused') {
      return answerProblem(describeRefusal(outcome.code, outcome.message));
    }
    return context.json<ResumedAnswer>({ group, by });
  });

  async function put(context: Context, group: string, override: Override): Promise<Response> {
    const outcome = await commands.put(group, override);
    if (outcome.kind === 'refused') {
      return answerProblem(describeRefusal(outcome.code, outcome.message));
    }
    return context.json<OverrideAnswer>({ group, override });
  }
}

function endOf(lastsMs: number | null, now: EpochMs): EpochMs | null {
  return lastsMs === null ? null : now + Math.round(lastsMs);
}

interface Sender {
  readonly group: string;
  readonly by: string;
}

function findSender(context: Context, { read, user }: CommandRouteOptions): Found<Sender> {
  const group = findStatus(read, context.req.param('group') ?? '');
  if (!group.ok) return group;
  const header = context.req.header(userHeader);
  if (header === undefined) return { ok: true, value: { group: group.value.name, by: user } };
  const by = decode(header);
  if (by !== null && by.length <= userLengthMax && oneLine.test(by)) {
    return { ok: true, value: { group: group.value.name, by } };
  }
  const allowed = `1 to ${userLengthMax} characters, percent-encoded`;
  const detail = `the header ${userHeader} is ${show(header)}; allowed: ${allowed}`;
  return refuse({ status: 400, code: 'bad-request', detail });
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
