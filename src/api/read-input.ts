// From bodies and queries, which anybody may have written, to values of known types. What does not
// fit is refused with one line; unknown keys are refused with the key that was meant.

import type { Context } from 'hono';
import type { z } from 'zod';
import type { ApiEnv } from './access/person.ts';
import { findNearest } from './nearest.ts';
import { refuse, type Found, type Problem } from './problem.ts';

/** How much of a wrong value is repeated to its sender. */
const shownMax = 60;

/** The query as one text for each key; repeated keys are joined by commas. */
export function readQuery<Schema extends z.ZodObject>(
  context: Context<ApiEnv>,
  schema: Schema,
): Found<z.output<Schema>> {
  const query = Object.entries(context.req.queries());
  return readStrictly(schema, Object.fromEntries(query.map(([key, all]) => [key, all.join(',')])));
}

/** `isSecret`: no value is repeated, for it may be a secret with a slip of the pen in it. */
export interface ReadingOptions {
  readonly isSecret?: boolean;
}

/** The body as JSON. An empty one is an empty object. */
export async function readBody<Schema extends z.ZodObject>(
  context: Context<ApiEnv>,
  schema: Schema,
  options: ReadingOptions = {},
): Promise<Found<z.output<Schema>>> {
  const json = await readJson(context, options);
  return json.ok ? readStrictly(schema, json.value, options) : json;
}

/** The body, whatever it holds. An empty one is an empty object. */
export async function readJson(
  context: Context<ApiEnv>,
  { isSecret = false }: ReadingOptions = {},
): Promise<Found<unknown>> {
  const text = await context.req.text();
  if (text.trim() === '') return { ok: true, value: {} };
  const type = context.req.header('content-type') ?? 'no content type';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return refuse({
      status: 415,
      code: 'no-json',
      detail: `the body is ${show(type)}; application/json is read`,
    });
  }
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    const detail = isSecret ? 'no JSON' : `no JSON: ${show(text)}`;
    return refuse({ status: 400, code: 'bad-request', detail });
  }
}

/** Each field of the schema carries a description of what is allowed. */
export function readStrictly<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
  { isSecret = false }: ReadingOptions = {},
): Found<z.output<Schema>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    const shown = isSecret ? 'something else' : show(JSON.stringify(input));
    return refuse(badInput(`found ${shown}; an object is allowed`));
  }
  const known = Object.keys(schema.shape);
  for (const key of Object.keys(input)) {
    if (!known.includes(key)) return refuse(badInput(describeUnknown(key, known)));
  }
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  const key = String(parsed.error.issues[0]?.path[0] ?? '');
  const found = Object.entries(input).find(([name]) => name === key);
  const field: { readonly description?: string | undefined } | undefined = schema.shape[key];
  const shown = isSecret ? 'something else' : show(JSON.stringify(found?.[1]) ?? '');
  const state = found === undefined ? 'is missing' : `is ${shown}`;
  return refuse(badInput(`${key} ${state}; allowed: ${field?.description ?? 'another value'}`));
}

function describeUnknown(key: string, known: readonly string[]): string {
  const nearest = findNearest(key, known);
  const meant = nearest === null ? '' : `; did you mean ${nearest}?`;
  const allowed = known.length === 0 ? 'nothing' : known.join(', ');
  return `unknown key ${show(key)}${meant} (allowed: ${allowed})`;
}

function badInput(detail: string): Problem {
  return { status: 422, code: 'bad-input', detail };
}

/** On one line and short, whatever it holds. */
export function show(text: string): string {
  const oneLine = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
  return oneLine.length > shownMax ? `${oneLine.slice(0, shownMax)}…` : oneLine;
}
