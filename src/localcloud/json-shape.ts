// Readers for the inputs of JSON operations: each turns an unknown value into a typed one, or
// refuses it as AWS refuses a value of the wrong type. Texts of forms are read as what is wanted.

import { refuse, succeed } from '../cloud/fault.ts';
import type { Outcome } from '../cloud/fault.ts';
import type { EpochMs } from '../cloud/time.ts';
import { formTextOf } from './form-text.ts';

/** `path` says where the value stands, for example `MetricData[0].Value`. */
export type Reader<T> = (value: unknown, path: string) => Outcome<T>;

export const readText: Reader<string> = (given, path) => {
  const value = formTextOf(given) ?? given;
  return typeof value === 'string' ? succeed(value) : refuseType(value, 'a String', path);
};

export const readFlag: Reader<boolean> = (given, path) => {
  const text = formTextOf(given);
  const value = text === 'true' || text === 'false' ? text === 'true' : (text ?? given);
  return typeof value === 'boolean' ? succeed(value) : refuseType(value, 'a Boolean', path);
};

/** Fractions are cut off, as AWS does. */
export const readInteger: Reader<number> = (given, path) => {
  const value = numberInForm(given);
  return typeof value === 'number'
    ? succeed(Math.trunc(value))
    : refuseType(value, 'an Integer', path);
};

/** The number that a form's text says; anything else as it is. */
function numberInForm(given: unknown): unknown {
  const text = formTextOf(given);
  if (text === undefined) return given;
  const isNumber = text.trim() !== '' && Number.isFinite(Number(text));
  return isNumber ? Number(text) : text;
}

const WORDS_FOR_NUMBERS: readonly unknown[] = ['NaN', 'Infinity', '-Infinity'];

/** Numbers without a sign in JSON come as texts. */
export const readDouble: Reader<number> = (given, path) => {
  const value = numberInForm(given);
  if (typeof value === 'number') return succeed(value);
  return WORDS_FOR_NUMBERS.includes(value)
    ? succeed(Number(value))
    : refuseType(value, 'a Double', path);
};

/** Epoch seconds, with fractions, to whole milliseconds; in forms ISO 8601. */
export const readTimestamp: Reader<EpochMs> = (given, path) => {
  const text = formTextOf(given);
  const value = text === undefined ? given : Date.parse(text) / 1000;
  return typeof value === 'number' && Number.isFinite(value)
    ? succeed(Math.round(value * 1000))
    : refuseType(text ?? given, 'a Timestamp', path);
};

/** A list whose items are all read alike. */
export function listOf<T>(readItem: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (formTextOf(value) === '') return succeed([]);
    if (!Array.isArray(value)) return refuseType(value, 'a List', path);
    const items: T[] = [];
    for (const [index, given] of value.entries()) {
      const item = readItem(given, `${path}[${index}]`);
      if (!item.ok) return item;
      items.push(item.value);
    }
    return succeed(items);
  };
}

/** A map whose values are all read alike; keys may be any text. */
export function mapOf<T>(readValue: Reader<T>): Reader<ReadonlyMap<string, T>> {
  return (value, path) => {
    if (!isObject(value)) return refuseType(value, 'a Map', path);
    const map = new Map<string, T>();
    for (const [key, given] of Object.entries(value)) {
      const member = readValue(given, `${path}.${key}`);
      if (!member.ok) return member;
      map.set(key, member.value);
    }
    return succeed(map);
  };
}

type Shape = Readonly<Record<string, Reader<unknown>>>;

/** What a structure of that shape reads to: every member may be missing. */
export type Structure<S extends Shape> = {
  readonly [K in keyof S]: (S[K] extends Reader<infer T> ? T : never) | undefined;
};

/** Members that the shape does not name are passed over, and `null` is as good as missing. */
export function structureOf<S extends Shape>(shape: S): Reader<Structure<S>> {
  const readers = Object.entries(shape);
  return (value, path) => {
    if (!isObject(value)) return refuseType(value, 'a Structure', path);
    const members: Record<string, unknown> = {};
    for (const [name, readMember] of readers) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      if (given === undefined || given === null) continue;
      const member = readMember(given, path === '' ? name : `${path}.${name}`);
      if (!member.ok) return member;
      members[name] = member.value;
    }
    // Each member was read by the reader of its name.
    return succeed(members as Structure<S>);
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuseType(value: unknown, wanted: string, path: string): Outcome<never> {
  const found = Array.isArray(value) ? 'LIST' : value === null ? 'NULL' : typeof value;
  const sentence = `${found.toUpperCase()}_VALUE can not be converted to ${wanted}`;
  return refuse('SerializationException', path === '' ? sentence : `${sentence} at ${path}`);
}
