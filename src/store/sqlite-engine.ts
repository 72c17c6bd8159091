// The store over one SQLite file, synchronously: batches of calls become transactions, and whatever
// is thrown becomes an outcome. Runs in a thread of its own (`store-thread.ts`).

import type { DatabaseSync } from 'node:sqlite';

import type { StoreOutcome } from '../controller/ports/store.ts';
import { createConnection } from './connection.ts';
import { prepareForecasts, type ForecastTable } from './forecast-table.ts';
import { prepareHandModes, type HandModeTable } from './hand-mode-table.ts';
import { prepareHistory, type HistoryTable } from './history-table.ts';
import { prepareJournal, type JournalTable } from './journal-table.ts';
import { prepareLeases, type LeaseTable } from './lease-table.ts';
import { prepareModels, type ModelTable } from './model-table.ts';
import { prepareOverrides, type OverrideTable } from './override-table.ts';
import { prepareRetention, type Retention } from './retention.ts';
import { readPragma } from './schema.ts';
import type { EngineOptions, StoreCall } from './store-call.ts';
import type { StoreFailure } from './store-failure.ts';

export interface SqliteEngine {
  /** One outcome for each call, in their order. Writes are on the disk. Never throws. */
  run(calls: readonly StoreCall[]): StoreOutcome<unknown>[];
  /** A bounded step of removing what is too old. Never throws. */
  tidy(): void;
  /** Where damaged files were put since the file was first opened. */
  readonly setAside: readonly string[];
  close(): void;
}

/** One open database with its prepared statements. */
interface Tables {
  readonly database: DatabaseSync;
  readonly journal: JournalTable;
  readonly history: HistoryTable;
  readonly overrides: OverrideTable;
  readonly modes: HandModeTable;
  readonly leases: LeaseTable;
  readonly forecasts: ForecastTable;
  readonly models: ModelTable;
  readonly retention: Retention;
  /** SQLite's mark that another process has written, as last seen. */
  dataVersion: number;
}

type Attempt =
  | { readonly ok: true; readonly values: readonly unknown[] }
  | { readonly ok: false; readonly failure: StoreFailure };

export function createSqliteEngine(options: EngineOptions): SqliteEngine {
  const connection = createConnection(options.connection);
  let prepared: Tables | null = null;
  let busy: StoreFailure | null = null;

  const obtainTables = (): { tables: Tables } | { failure: StoreFailure } => {
    const obtained = connection.obtain();
    if (!obtained.ok) return { failure: obtained.failure };
    try {
      if (obtained.isNew || prepared === null) prepared = prepareTables(obtained.database, options);
      return { tables: prepared };
    } catch (error) {
      prepared = null;
      return { failure: connection.fail(error) };
    }
  };

  /** All calls in one transaction: all of their writes or none. */
  const write = (tables: Tables, calls: readonly StoreCall[]): Attempt => {
    const { database } = tables;
    try {
      database.exec('BEGIN IMMEDIATE');
      forgetIfOthersWrote(tables);
      const values = calls.map((call) => carryOut(tables, call));
      database.exec('COMMIT');
      return { ok: true, values };
    } catch (error) {
      abandon(tables);
      return { ok: false, failure: connection.fail(error) };
    }
  };

  const runWrites = (tables: Tables, calls: readonly StoreCall[]): StoreOutcome<unknown>[] => {
    // Waits for another process once in a batch.
    const together: Attempt = busy === null ? write(tables, calls) : { ok: false, failure: busy };
    if (together.ok) return together.values.map(succeed);
    const { failure } = together;
    if (failure.connection === 'busy') busy = failure;
    if (calls.length === 1 || failure.connection !== 'keep') {
      return calls.map(() => refuse(failure));
    }
    // One call that cannot be carried out does not take the others with it, but for what would be
    // written behind a hole in the journal: it was decided while the journal was taken to be whole.
    let hole: StoreFailure | null = null;
    return calls.map((call) => {
      if (call.kind === 'append' && hole !== null) return refuse(hole);
      const alone = write(tables, [call]);
      if (alone.ok) return succeed(alone.values[0]);
      if (call.kind === 'append') hole = alone.failure;
      return refuse(alone.failure);
    });
  };

  /** Within a transaction too, so that what one call reads belongs together. */
  const runRead = (tables: Tables, call: StoreCall): StoreOutcome<unknown> => {
    try {
      tables.database.exec('BEGIN');
      const value = carryOut(tables, call);
      tables.database.exec('COMMIT');
      return succeed(value);
    } catch (error) {
      abandon(tables);
      return refuse(connection.fail(error));
    }
  };

  const runStretch = (calls: readonly StoreCall[]): StoreOutcome<unknown>[] => {
    const obtained = obtainTables();
    if ('failure' in obtained) return calls.map(() => refuse(obtained.failure));
    if (calls.some(isWrite)) return runWrites(obtained.tables, calls);
    return calls.map((call) => runRead(obtained.tables, call));
  };

  const runBatch = (calls: readonly StoreCall[]): StoreOutcome<unknown>[] => {
    busy = null;
    return stretchesOf(calls).flatMap(runStretch);
  };

  return {
    setAside: connection.setAside,
    run: runBatch,
    tidy: () => {
      if (prepared === null || !prepared.database.isOpen || !prepared.retention.isDue()) return;
      const tables = prepared;
      try {
        tables.database.exec('BEGIN IMMEDIATE');
        forgetIfOthersWrote(tables);
        tables.retention.prune();
        tables.database.exec('COMMIT');
        tables.retention.returnFreePages();
      } catch (error) {
        // Tried again after the next write, which also tells what is wrong.
        abandon(tables);
        connection.fail(error);
      }
    },
    close: connection.close,
  };
}

function prepareTables(database: DatabaseSync, options: EngineOptions): Tables {
  const journal = prepareJournal(database, options.writer);
  return {
    database,
    journal,
    history: prepareHistory(database),
    overrides: prepareOverrides(database),
    modes: prepareHandModes(database),
    leases: prepareLeases(database),
    forecasts: prepareForecasts(database),
    models: prepareModels(database),
    retention: prepareRetention(database, journal, options.journal),
    dataVersion: readPragma(database, 'data_version'),
  };
}

/** Another process may have removed a shape whose number is remembered here. */
function forgetIfOthersWrote(tables: Tables): void {
  const version = readPragma(tables.database, 'data_version');
  if (version !== tables.dataVersion) tables.journal.forget();
  tables.dataVersion = version;
}

function abandon(tables: Tables): void {
  tables.journal.forget();
  tables.history.forget();
  try {
    // SQLite has ended the transaction by itself after some errors.
    if (tables.database.isOpen && tables.database.isTransaction) tables.database.exec('ROLLBACK');
  } catch {
    // What made the transaction fail is told already; BEGIN fails until the file is opened anew.
  }
}

function isWrite(call: StoreCall): boolean {
  switch (call.kind) {
    case 'append':
    case 'record':
    case 'import-minutes':
    case 'save-forecast':
    case 'put-override':
    case 'remove-override':
    case 'put-mode':
    case 'hold':
    case 'release':
    case 'put-model':
      return true;
    case 'read':
    case 'recover':
    case 'headers':
    case 'read-ten-seconds':
    case 'read-minutes':
    case 'load-forecast':
    case 'list-overrides':
    case 'get-mode':
    case 'get-model':
      return false;
  }
}

/** Writes that follow each other share a transaction, and so the wait for the disk. */
function stretchesOf(calls: readonly StoreCall[]): StoreCall[][] {
  const stretches: StoreCall[][] = [];
  for (const call of calls) {
    const last = stretches.at(-1);
    const [first] = last ?? [];
    if (last !== undefined && first !== undefined && isWrite(first) === isWrite(call)) {
      last.push(call);
    } else {
      stretches.push([call]);
    }
  }
  return stretches;
}

function carryOut(tables: Tables, call: StoreCall): unknown {
  const { journal, history, overrides, modes, leases, forecasts, models, retention } = tables;
  switch (call.kind) {
    case 'append':
      journal.append(call.entries);
      retention.noteAppended(call.entries);
      return null;
    case 'read':
      return journal.read(call.query);
    case 'recover':
      return journal.recover(call.group);
    case 'headers':
      return journal.headers(call.group);
    case 'record':
      history.record(call.points);
      retention.noteRecorded(call.points);
      return null;
    case 'import-minutes':
      return history.importMinutes(call.request);
    case 'save-forecast':
      forecasts.save(call.group, call.learnt);
      return null;
    case 'load-forecast':
      return forecasts.load(call.group);
    case 'read-ten-seconds':
      return history.readTenSeconds(call.query);
    case 'read-minutes':
      return history.readMinutes(call.query);
    case 'list-overrides':
      return overrides.list(call.group, call.now);
    case 'put-override':
      overrides.put(call.group, call.override, call.now);
      return null;
    case 'remove-override':
      return overrides.remove(call.group, call.overrideKind, call.now);
    case 'put-mode':
      modes.put(call.group, call.mode);
      return null;
    case 'get-mode':
      return modes.get(call.group);
    case 'hold':
      return leases.hold(call.request);
    case 'release':
      leases.release(call.group, call.controller);
      return null;
    case 'put-model':
      models.put(call.group, call.of, call.model);
      return null;
    case 'get-model':
      return models.get(call.group, call.of);
  }
}

function succeed(value: unknown): StoreOutcome<unknown> {
  return { ok: true, value };
}

function refuse(failure: StoreFailure): StoreOutcome<never> {
  return { ok: false, message: failure.message };
}
