// The kinds of single values that a configuration file holds, as schemas. The error of each is what
// is allowed, to be read on from "found …, allowed:".

import { z } from 'zod';

import { hostPortPattern, parseHostPort } from './host-port.ts';
import { describeShare, readShare } from './quantity.ts';
import {
  durationPattern,
  parseDuration,
  parsePercent,
  percentPattern,
  quantityPattern,
  requireDuration,
} from './units.ts';

const textLengthMax = 255;
const pathLengthMax = 4_096;

/** For a class in a pattern. Spelled out, since editors do not read `\p{Cc}`. */
export const controlCharacters = String.raw`\u0000-\u001f\u007f-\u009f`;

export interface Documentation {
  readonly description: string;
  /** What holds when the key is left out; only shown. */
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** A key that may be left out. */
export function optional<S extends z.ZodType>(
  schema: S,
  { examples, ...documentation }: Documentation,
): z.ZodOptional<S> {
  return required(schema, {
    ...documentation,
    ...(examples !== undefined && { examples }),
  }).optional();
}

export function required<S extends z.ZodType>(
  schema: S,
  { examples, ...documentation }: Documentation,
): S {
  return schema.meta({
    ...documentation,
    ...(examples !== undefined && { examples: [...examples] }),
  });
}

/**
 * A mapping with these keys and no others. The error for an unknown key is the list of the known
 * ones, which `check-shape.ts` looks for the nearest in.
 */
export function mapping<S extends z.ZodRawShape>(shape: S): z.ZodObject<S, z.core.$strict> {
  const keys = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? keys : `a mapping with ${keys}`),
  });
}

/** One of these words. */
export function oneOf<const W extends string>(
  words: readonly W[],
): z.ZodEnum<z.core.util.ToEnum<W>> {
  return z.enum(words, { error: words.join(', ') }).meta({ title: 'word' });
}

/** Text of one line that a person or AWS gave as a name. */
export function text(allowed: string): z.ZodString {
  return z
    .string({ error: allowed })
    .regex(new RegExp(`^(?!\\s*$)[^${controlCharacters}]+$`), { error: allowed, abort: true })
    .max(textLengthMax, { error: `${allowed}, at most ${textLengthMax} characters` })
    .meta({ title: 'text' });
}

export function matching(pattern: RegExp, allowed: string): z.ZodString {
  return z
    .string({ error: allowed })
    .max(pathLengthMax, { error: `${allowed}, at most ${pathLengthMax} characters` })
    .regex(pattern, { error: allowed })
    .meta({ title: 'text' });
}

export function filePath(): z.ZodString {
  return matching(new RegExp(`^[^${controlCharacters}]+$`), 'the path of a file').meta({
    title: 'path',
  });
}

export function hostPort(): z.ZodString {
  const allowed = 'an address and a port, such as 127.0.0.1:1883 or [::1]:1883';
  return z
    .string({ error: allowed })
    .refine((written) => parseHostPort(written) !== null, { error: allowed })
    .meta({ title: 'address and port', pattern: hostPortPattern.source });
}

export function wholeNumber(least: number, most: number): z.ZodNumber {
  const error = `a whole number from ${least} to ${most}`;
  return z
    .int({ error })
    .min(least, { error })
    .max(most, { error })
    .meta({ title: 'whole number' });
}

/** A duration within bounds that are written as durations themselves. */
export function duration(least: string, most: string): z.ZodString {
  const error = ({ input }: { input?: unknown }): string => describeDuration(least, most, input);
  const leastMs = requireDuration(least);
  const mostMs = requireDuration(most);
  return z
    .string({ error })
    .regex(durationPattern, { error, abort: true })
    .refine(
      (written) => {
        const durationMs = parseDuration(written);
        return durationMs !== null && durationMs >= leastMs && durationMs <= mostMs;
      },
      { error },
    )
    .meta({ title: `duration, ${least}–${most}` });
}

/** One duration, or one for each direction. */
export function durationPerDirection(least: string, most: string): PerDirection<z.ZodString> {
  return perDirection(duration(least, most), {
    title: 'duration, or scaleOut and scaleIn',
    error: ({ input }) =>
      `${describeDuration(least, most, input)}, or a mapping with scaleOut and scaleIn`,
  });
}

/** A bare number is most likely one of seconds. */
function describeDuration(least: string, most: string, input: unknown): string {
  const example = typeof input === 'number' && input > 0 ? `${input}s` : '30s';
  return `a duration from ${least} to ${most} with its unit (ms, s, m, h, d), such as ${example}`;
}

/** A share that is no signal: `10%` or 0.1. */
export function share(): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = ({ input }: { input?: unknown }): string => describeShare(input);
  return z
    .union([z.number().min(0).max(1), z.string().regex(percentPattern)], { error })
    .refine((written) => readShare(written) !== null, { error })
    .meta({ title: 'share' });
}

export function sharePerDirection(): PerDirection<ReturnType<typeof share>> {
  return perDirection(share(), {
    title: 'share, or scaleOut and scaleIn',
    error: ({ input }) => `${describeShare(input)}, or a mapping with scaleOut and scaleIn`,
  });
}

/** A number in the unit of a signal. Which unit that is only shows in `quantity.ts`. */
export function quantity(): z.ZodUnion<readonly [z.ZodNumber, z.ZodString]> {
  const error = 'a number, or one with its unit, such as 60%, 512MiB or 200ms';
  // The pattern is for editors: the mistakes it would find are better told with the signal known.
  const withUnit = z.string().meta({ pattern: quantityPattern.source });
  return z.union([z.number(), withUnit], { error }).meta({ title: 'number with unit' });
}

type PerDirection<S extends z.ZodType> = z.ZodUnion<
  readonly [
    S,
    z.ZodObject<{ scaleOut: z.ZodOptional<S>; scaleIn: z.ZodOptional<S> }, z.core.$strict>,
  ]
>;

interface PerDirectionWords {
  readonly title: string;
  readonly error: (issue: { readonly input?: unknown }) => string;
}

function perDirection<S extends z.ZodType>(
  schema: S,
  { title, error }: PerDirectionWords,
): PerDirection<S> {
  const both = mapping({ scaleOut: schema.optional(), scaleIn: schema.optional() });
  return z.union([schema, both], { error }).meta({ title });
}

const percentMax = 1000;

/** A percent that may exceed 100: `200%`. */
export function percent(): z.ZodString {
  const error = `a percent above 0% and up to ${percentMax}%, such as 50%`;
  return z
    .string({ error })
    .regex(percentPattern, { error, abort: true })
    .refine(
      (written) => {
        const ratio = parsePercent(written);
        return ratio !== null && ratio > 0 && ratio <= percentMax / 100;
      },
      { error },
    )
    .meta({ title: 'percent' });
}

/** An amount of money, in dollars. */
export function dollars(): z.ZodNumber {
  const error = 'dollars as a number above 0, such as 12.5';
  return z.number({ error }).positive({ error }).max(1e9, { error }).meta({ title: 'dollars' });
}
