// What people ask for over `/v1`: a size, one to hold at least, a pause, another mode, an end to any of
// them; and what each would do. On the Unix socket who asks is the user that the client names, for
// only the socket's owner can reach it; over TCP it is the name of the token.

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { modes, type GroupStatus, type ReadModel } from '../controller/ports/control.ts';
import type { EpochMs } from '../core/time.ts';
import { clientOf } from './access/guard.ts';
import type { ApiEnv } from './access/person.ts';
import type { ModeAnswer, OverrideAnswer, PreviewAnswer, ResumedAnswer } from './answers.ts';
import { findStatus } from './find-group.ts';
import { describeModeEnd } from './foretell.ts';
import { durationGrammar, parseDuration } from './moments.ts';
import { answerProblem, refuse, type Found } from './problem.ts';
import { readBody, readJson, readQuery, readStrictly } from './read-input.ts';
import type { Steered, Steering, Wish } from './steering.ts';

/** After it the policies decide again, so that a forgotten wish does no lasting harm. */
export const setDefaultMs = 600_000;

const desiredMax = 100_000;
const lastingMinMs = 1000;
const lastingMaxMs = 30 * 86_400_000;
const whyLengthMax = 200;

/** Neither control nor formatting characters: it is shown in terminals and logs. */
export const oneLine = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u;

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
const size = z.int().min(0).max(desiredMax).describe(`a whole number from 0 to ${desiredMax}`);
const mode = z.enum(modes).describe(modes.join(', '));

export const setBody = z.strictObject({ desired: size, for: lasting, why });
export const holdBody = z.strictObject({ atLeast: size, for: lasting, why });
export const pauseBody = z.strictObject({ for: lasting, why });
export const modeBody = z.strictObject({ mode, why });
export const resumeBody = z.strictObject({});
const dryValues = ['0', '1'] as const;
export const actQuery = z.strictObject({
  dry: z.enum(dryValues).optional().describe('1 says what would happen and does nothing; 0'),
});

/** Each action: its body, and the wish that a body is. */
interface Action<Schema extends z.ZodObject> {
  readonly schema: Schema;
  readonly toWish: (body: z.output<Schema>, asked: { by: string; now: EpochMs }) => Wish;
}

function action<Schema extends z.ZodObject>(one: Action<Schema>): Action<Schema> {
  return one;
}

const actions = {
  set: action({
    schema: setBody,
    toWish: ({ desired, for: ms = setDefaultMs, why: reason }, { by, now }) => {
      const until = endOf(ms, now);
      return { kind: 'put', override: { kind: 'set', desired, until, by, why: reason } };
    },
  }),
  hold: action({
    schema: holdBody,
    toWish: ({ atLeast, for: ms = setDefaultMs, why: reason }, { by, now }) => {
      const until = endOf(ms, now);
      return { kind: 'put', override: { kind: 'hold', atLeast, until, by, why: reason } };
    },
  }),
  pause: action({
    schema: pauseBody,
    toWish: ({ for: ms = null, why: reason }, { by, now }) => {
      const until = endOf(ms, now);
      return { kind: 'put', override: { kind: 'pause', until, by, why: reason } };
    },
  }),
  mode: action({
    schema: modeBody,
    toWish: ({ mode: wanted, why: reason }) => ({ kind: 'mode', mode: wanted, why: reason }),
  }),
  resume: action({ schema: resumeBody, toWish: () => ({ kind: 'end' }) }),
};

const actionNames = ['set', 'hold', 'pause', 'mode', 'resume'] as const;
export const previewBody = z.strictObject({
  action: z.enum(actionNames).describe(actionNames.join(', ')),
  desired: size.optional().describe(size.description ?? ''),
  atLeast: size.optional().describe(size.description ?? ''),
  mode: mode.optional().describe(mode.description ?? ''),
  for: lasting,
  why: why.optional().describe(why.description ?? ''),
});

export interface CommandRouteOptions {
  readonly read: ReadModel;
  readonly steering: Steering;
}

export function addCommandRoutes(app: Hono<ApiEnv>, options: CommandRouteOptions): void {
  const { read, steering } = options;

  const act = async <Schema extends z.ZodObject>(
    context: Context<ApiEnv>,
    { schema, toWish }: Action<Schema>,
  ): Promise<Response> => {
    const group = findStatus(read, context.req.param('group') ?? '');
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, actQuery);
    if (!query.ok) return answerProblem(query.problem);
    const body = await readBody(context, schema);
    if (!body.ok) return answerProblem(body.problem);
    const { name, via } = context.get('person');
    // Who may act has a name: the guard sees to it.
    const by = name ?? 'nobody';
    const wish = toWish(body.value, { by, now: read.now() });
    const request = { group: group.value.name, wish, seen: readVersion(context) };
    if (query.value.dry === '1') return answerPreview(context, steering, request);
    const from = via === 'socket' ? null : clientOf(context);
    const steered = await steering.act({ ...request, by, via, from });
    if (!steered.ok) return answerProblem(steered.problem);
    return context.json(describeDone(group.value, { by, wish }, steered.value));
  };

  app.post('/v1/groups/:group/set', (context) => act(context, actions.set));
  app.post('/v1/groups/:group/hold', (context) => act(context, actions.hold));
  app.post('/v1/groups/:group/pause', (context) => act(context, actions.pause));
  app.post('/v1/groups/:group/mode', (context) => act(context, actions.mode));
  app.post('/v1/groups/:group/resume', (context) => act(context, actions.resume));

  app.post('/v1/groups/:group/preview', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const body = await readJson(context);
    if (!body.ok) return answerProblem(body.problem);
    const shape = readStrictly(previewBody, body.value);
    if (!shape.ok) return answerProblem(shape.problem);
    const wish = readWish(body.value, { by: context.get('person').name ?? 'you', now: read.now() });
    if (!wish.ok) return answerProblem(wish.problem);
    const request = { group: group.value.name, wish: wish.value, seen: readVersion(context) };
    return answerPreview(context, steering, request);
  });
}

/** The wish of a preview: the body of the action that it names, whose reason may be left out. */
function readWish(
  body: unknown,
  asked: { readonly by: string; readonly now: EpochMs },
): Found<Wish> {
  const { action: name = null, ...rest }: { readonly action?: unknown } = { ...Object(body) };
  const known = actionNames.find((one) => one === name);
  if (known === undefined) {
    const detail = `action is ${JSON.stringify(name)}; allowed: ${actionNames.join(', ')}`;
    return refuse({ status: 422, code: 'bad-input', detail });
  }
  const read = <Schema extends z.ZodObject>({ schema, toWish }: Action<Schema>): Found<Wish> => {
    const given = known === 'resume' ? rest : { why: 'a preview', ...rest };
    const wanted = readStrictly(schema, given);
    return wanted.ok ? { ok: true, value: toWish(wanted.value, asked) } : wanted;
  };
  switch (known) {
    case 'set':
      return read(actions.set);
    case 'hold':
      return read(actions.hold);
    case 'pause':
      return read(actions.pause);
    case 'mode':
      return read(actions.mode);
    case 'resume':
      return read(actions.resume);
  }
}

function answerPreview(
  context: Context<ApiEnv>,
  steering: Steering,
  request: { readonly group: string; readonly wish: Wish; readonly seen: string | null },
): Response {
  const foretold = steering.preview(request);
  if (!foretold.ok) return answerProblem(foretold.problem);
  return context.json<PreviewAnswer>({ group: request.group, ...foretold.value });
}

/** `before`: as the group was when it was asked. */
function describeDone(
  before: GroupStatus,
  { by, wish }: { readonly by: string; readonly wish: Wish },
  { overridesVersion }: Steered,
): OverrideAnswer | ResumedAnswer | ModeAnswer {
  const group = before.name;
  switch (wish.kind) {
    case 'put':
      return { group, override: wish.override, overridesVersion };
    case 'end':
      return { group, by, overridesVersion };
    case 'mode':
      return {
        group,
        mode: wish.mode,
        by,
        why: wish.why,
        lasts: describeModeEnd(before, wish.mode),
        overridesVersion,
      };
  }
}

function endOf(lastsMs: number | null, now: EpochMs): EpochMs | null {
  return lastsMs === null ? null : now + Math.round(lastsMs);
}

/** `if-match`, with or without quotes; null asks for nothing. */
function readVersion({ req }: Context<ApiEnv>): string | null {
  const header = req.header('if-match');
  return header === undefined || header === '*' ? null : header.replaceAll('"', '').trim();
}
