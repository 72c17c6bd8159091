// Inputs read by declared shapes, with AWS's own sentences for what is wrong with them. Leaves may
// be texts (Query) or typed (JSON): a shape reads both.

import type { Fault, Outcome } from '../cloud/fault.ts';
import { succeed } from '../cloud/fault.ts';
import type { CallContext, Operation } from './service.ts';

/** Reads one member; `path` is how AWS names it in its sentences. */
export interface Member<T> {
  read(value: unknown, path: string, problems: Problems): T;
}

/** What is wrong with an input. */
interface Problems {
  /** Constraints not met, in AWS's words. */
  readonly constraints: string[];
  /** The first value that cannot even be parsed. */
  malformed: string | undefined;
}

export type Shape = Readonly<Record<string, Member<unknown>>>;
export type Parsed<S extends Shape> = {
  readonly [Name in keyof S]: S[Name] extends Member<infer T> ? T : never;
};

/** Returns an operation whose input is read by the shape first. */
export function operation<S extends Shape>(
  shape: S,
  act: (input: Parsed<S>, context: CallContext) => Outcome<Readonly<Record<string, unknown>>>,
): Operation {
  return (input, context) => {
    const parsed = readInput(shape, input);
    return parsed.ok ? act(parsed.value, context) : parsed;
  };
}

/** Returns the input with its declared members, or AWS's refusal. Others are ignored, as by AWS. */
export function readInput<S extends Shape>(
  shape: S,
  input: Readonly<Record<string, unknown>>,
): Outcome<Parsed<S>> {
  const problems: Problems = { constraints: [], malformed: undefined };
  const value = structure(shape).read(input, '', problems);
  const fault = faultOf(problems);
  return fault === undefined ? succeed(value) : { ok: false, fault };
}

function faultOf({ constraints, malformed: sentence }: Problems): Fault | undefined {
  if (sentence !== undefined) return { code: 'MalformedInput', message: sentence, status: 400 };
  if (constraints.length === 0) return undefined;
  const noun = constraints.length === 1 ? 'validation error' : 'validation errors';
  const message = `${constraints.length} ${noun} detected: ${constraints.join('; ')}`;
  return { code: 'ValidationError', message, status: 400 };
}

/** A member that must be there. */
export function required<T>(member: Member<T | undefined>, absent: T): Member<T> {
  return {
    read(value, path, problems) {
      const read = member.read(value, path, problems);
      if (value === undefined || value === null) {
        problems.constraints.push(
          `Value null at '${path}' failed to satisfy constraint: Member must not be null`,
        );
      }
      return read ?? absent;
    },
  };
}

interface TextLimits {
  readonly min?: number;
  readonly max?: number;
}

export function text(limits: TextLimits = {}): Member<string | undefined> {
  return {
    read(value, path, problems) {
      if (value === undefined || value === null) return undefined;
      if (typeof value === 'object') return malformed(problems, path, 'a text');
      const read = String(value);
      checkLength(read, limits, path, problems);
      return read;
    },
  };
}

function checkLength(value: string, limits: TextLimits, path: string, problems: Problems): void {
  const { min = 0, max = Number.POSITIVE_INFINITY } = limits;
  if (value.length < min) {
    fail(problems, value, path, `have length greater than or equal to ${min}`);
  }
  if (value.length > max) fail(problems, value, path, `have length less than or equal to ${max}`);
}

export function oneOf<const T extends string>(allowed: readonly T[]): Member<T | undefined> {
  return {
    read(value, path, problems) {
      const read = text().read(value, path, problems);
      if (read === undefined) return undefined;
      const found = allowed.find((candidate) => candidate === read);
      if (found === undefined) {
        fail(problems, read, path, `satisfy enum value set: [${allowed.join(', ')}]`);
      }
      return found;
    },
  };
}

interface NumberLimits {
  readonly min?: number;
  readonly max?: number;
}

export function integer(limits: NumberLimits = {}): Member<number | undefined> {
  return numeric(limits, (value) => Number.isSafeInteger(value), 'an integer');
}

export function decimal(limits: NumberLimits = {}): Member<number | undefined> {
  return numeric(limits, (value) => Number.isFinite(value), 'a number');
}

function numeric(
  limits: NumberLimits,
  isFit: (value: number) => boolean,
  noun: string,
): Member<number | undefined> {
  return {
    read(value, path, problems) {
      if (value === undefined || value === null) return undefined;
      const isBlank = typeof value === 'string' && value.trim() === '';
      const read = isBlank || typeof value === 'object' ? Number.NaN : Number(value);
      if (!isFit(read)) return malformed(problems, path, noun);
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = limits;
      if (read < min) fail(problems, value, path, `have value greater than or equal to ${min}`);
      if (read > max) fail(problems, value, path, `have value less than or equal to ${max}`);
      return read;
    },
  };
}

export function flag(): Member<boolean | undefined> {
  return {
    read(value, path, problems) {
      if (value === undefined || value === null) return undefined;
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      return malformed(problems, path, 'true or false');
    },
  };
}

/** A time as epoch milliseconds: ISO 8601 in Query, epoch seconds in JSON. */
export function time(): Member<number | undefined> {
  return {
    read(value, path, problems) {
      if (value === undefined || value === null) return undefined;
      const read = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
      return Number.isFinite(read) ? Math.round(read) : malformed(problems, path, 'a timestamp');
    },
  };
}

/** A list; one that is absent or an empty text (Query's empty list) is empty. */
export function list<T>(member: Member<T>, limits: { readonly max?: number } = {}): Member<T[]> {
  return {
    read(value, path, problems) {
      if (value === undefined || value === null || value === '') return [];
      if (!Array.isArray(value)) {
        malformed(problems, path, 'a list');
        return [];
      }
      const items: readonly unknown[] = value;
      if (limits.max !== undefined && items.length > limits.max) {
        fail(
          problems,
          `[${items.length} items]`,
          path,
          `have length less than or equal to ${limits.max}`,
        );
      }
      return items.map((item, index) => member.read(item, `${path}.${index + 1}.member`, problems));
    },
  };
}

export function structure<S extends Shape>(shape: S): Member<Parsed<S>> {
  return {
    read(value, path, problems) {
      const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
      const source: object = isRecord ? value : {};
      if (!isRecord && value !== undefined && value !== '') {
        malformed(problems, path, 'a structure');
      }
      const members = new Map(Object.entries(source));
      const read = Object.fromEntries(
        Object.entries(shape).map(([name, member]) => {
          const below = path === '' ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
          return [name, member.read(members.get(name), below, problems)];
        }),
      );
      // Every member of the shape has just been read by its own reader.
      return read as Parsed<S>;
    },
  };
}

/** A member that may be absent as a whole. */
export function optional<T>(member: Member<T>): Member<T | undefined> {
  return {
    read: (value, path, problems) =>
      value === undefined || value === null ? undefined : member.read(value, path, problems),
  };
}

/** Returns the members that are there: what a caller does not name is not changed. */
export function present<T extends object>(members: {
  readonly [Name in keyof T]?: T[Name] | undefined;
}): Partial<T> {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  // Only absent members were dropped, so the rest has the types it had.
  return Object.fromEntries(entries) as Partial<T>;
}

function malformed(problems: Problems, path: string, expected: string): undefined {
  problems.malformed ??= `The value at '${path}' is not ${expected}`;
  return undefined;
}

function fail(problems: Problems, value: unknown, path: string, constraint: string): void {
  problems.constraints.push(
    `Value '${String(value)}' at '${path}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/** AWS's sentences name members by their Java fields: `autoScalingGroupName`. */
function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
