// Values as templates hold them, and the few questions that everything here asks of them.

import type { PlainJson } from '../plain-json.ts';
import { toPlainJson } from '../plain-json.ts';

export type Json = PlainJson;
export interface JsonRecord {
  readonly [name: string]: Json;
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The member of that name that the record has by itself. */
export function memberOf(record: unknown, name: string): Json | undefined {
  return isRecord(record) && Object.hasOwn(record, name) ? record[name] : undefined;
}

/** A scalar as CloudFormation writes it into texts; `undefined` for lists and records. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Whether both are equal whatever the order of their members; `5` and `'5'` differ. */
export function isSameJson(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(toPlainJson(a)) === JSON.stringify(toPlainJson(b));
}
