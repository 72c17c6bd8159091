// From bodies and queries, which anybody may have written, to values of known types. What does not
// fit is refused with one line; unknown keys are refused with the key that was meant.

import type { Context } from 'hono';
import type { z } from 'zod';
import { findNearest } from './nearest.ts';
import { refuse, type Found, type Problem } from './problem.ts';

/** How much of a wrong value is repeated to its sender. */
const shownMax = 60;

/** The query as one text for each key; repeated keys are joined by commas. */
export function readQuery<Schema extends z.ZodObject>(
  context: Context,
  schema: Schema,
): Found<z.output<Schema>> {
  const query = Object.entries(context.req.queries());
  return readStrictly(schema, Object.fromEntries(query.map(([key, all]) => [key, all.join(',')])));
}

/** The body as JSON. An empty one is an empty object. */
export async function readBody<Schema extends z.ZodObject>(
  context: Context,
  schema: Schema,
): Promise<Found<z.output<Schema>>> {
  const text = await context.req.text();
  if (text.trim() === '') return readStrictly(schema, {});
  const type = context.req.header('content-type') ?? 'no content type';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    return refuse({
      status: 415,
      code: 'no-json',
      detail: `the body is ${show(type)}; application/json is read`,
    });
  }
  const json = parseJson(text);
  return json.ok ? readStrictly(schema, json.value) : json;
}

function parseJson(text: string): Found<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    return refuse({ status: 400, code: 'bad-request', detail: `no JSON: ${show(text)}` });
  }
}

/** Each field of the schema carries a description of what is allowed. */
function readStrictly<Schema extends z.ZodObject>(
  schema: Schema,
  input: unknown,
): Found<z.output<Schema>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return refuse(badInput(`found ${show(JSON.stringify(input))}; an object is allowed`));
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
  const state = found === undefined ? 'is missing' : `is ${show(JSON.stringify(found[1]))}`;
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
