import { DatabaseSync } from 'node:sqlite';

import { describe, expect, it } from 'vitest';

import { applicationId, ForeignSchemaError, migrate, migrations, readPragma } from './schema.ts';

const steps = [
  'CREATE TABLE one (value INTEGER); INSERT INTO one VALUES (1);',
  'ALTER TABLE one ADD COLUMN doubled INTEGER; UPDATE one SET doubled = value * 2;',
  'CREATE TABLE three AS SELECT doubled + 1 AS value FROM one;',
];

describe('the schema', () => {
  it('is made in an empty file, which is marked as ours', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database);
    expect(readPragma(database, 'user_version')).toBe(migrations.length);
    expect(readPragma(database, 'application_id')).toBe(applicationId);
    expect(readPragma(database, 'schema_version')).toBeGreaterThan(0);
  });

  it('brings an older file up step by step, keeping what it holds', () => {
    for (const older of [1, 2]) {
      const database = new DatabaseSync(':memory:');
      migrate(database, steps.slice(0, older));
      migrate(database, steps);
      expect(database.prepare('SELECT value FROM three').get()).toEqual({ value: 3 });
      expect(readPragma(database, 'user_version')).toBe(3);
    }
  });

  it('leaves an up-to-date file alone', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, steps);
    const before = readPragma(database, 'schema_version');
    migrate(database, steps);
    expect(readPragma(database, 'schema_version')).toBe(before);
  });

  it('refuses a newer file in one line that says both versions', () => {
    const database = new DatabaseSync(':memory:');
    migrate(database, steps);
    expect(() => migrate(database, steps.slice(0, 1))).toThrow(
      'was written by a newer Foretide (schema 3; this one knows up to 1); ' +
        'run that version, or choose another store.path',
    );
    expect(readPragma(database, 'user_version')).toBe(3);
  });

  it("refuses another program's file and changes nothing in it", () => {
    const database = new DatabaseSync(':memory:');
    database.exec('CREATE TABLE recipes (name TEXT)');
    expect(() => migrate(database)).toThrow(ForeignSchemaError);
    expect(readPragma(database, 'user_version')).toBe(0);
    expect(readPragma(database, 'application_id')).toBe(0);
  });

  it('takes back a step that fails half-way, with those before it', () => {
    const database = new DatabaseSync(':memory:');
    const broken = [...steps.slice(0, 1), 'CREATE TABLE two (x); SELECT value FROM nowhere;'];
    expect(() => migrate(database, broken)).toThrow('no such table');
    expect(readPragma(database, 'user_version')).toBe(0);
    expect(readPragma(database, 'schema_version')).toBe(0);
  });
});
