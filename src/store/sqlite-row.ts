// Values out of a SQLite row, checked: a damaged file can hold anything.

import type { SQLOutputValue } from 'node:sqlite';

export type SqliteRow = Readonly<Record<string, SQLOutputValue>>;

/** A column does not hold what the schema says: the file is damaged. */
export class DamagedRowError extends Error {
  override readonly name = 'DamagedRowError';
}

export function readNumber(row: SqliteRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new DamagedRowError(`${column} holds no number`);
  return value;
}

export function readInteger(row: SqliteRow, column: string): number {
  const value = readNumber(row, column);
  if (!Number.isSafeInteger(value)) throw new DamagedRowError(`${column} holds no whole number`);
  return value;
}

/** Null where the column is null. */
export function readNullableNumber(row: SqliteRow, column: string): number | null {
  return row[column] === null ? null : readNumber(row, column);
}

export function readText(row: SqliteRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new DamagedRowError(`${column} holds no text`);
  return value;
}

export function readBytes(row: SqliteRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new DamagedRowError(`${column} holds no bytes`);
  return value;
}
