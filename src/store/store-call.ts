// The calls of the store's ports as messages, since the file is worked on in a thread of its own.

import type {
  HandMode,
  HistoryImport,
  HistoryImported,
  HistoryPoint,
  HistoryQuery,
  JournalEntry,
  JournalQuery,
  LeaseRequest,
  ModelKind,
  Recovery,
  StoreOutcome,
} from '../controller/ports/store.ts';
import type { Override } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';
import type { ConnectionOptions } from './connection.ts';
import type { MinuteColumns, PointColumns } from './history-columns.ts';
import type { JournalHeader, WriterVersions } from './journal-header.ts';
import type { JournalLimits } from './journal-limits.ts';

export type StoreCall =
  | { readonly kind: 'append'; readonly entries: readonly JournalEntry[] }
  | { readonly kind: 'read'; readonly query: JournalQuery }
  | { readonly kind: 'recover'; readonly group: string }
  | { readonly kind: 'headers'; readonly group: string }
  | { readonly kind: 'record'; readonly points: readonly HistoryPoint[] }
  | { readonly kind: 'import-minutes'; readonly request: HistoryImport }
  | { readonly kind: 'save-forecast'; readonly group: string; readonly learnt: unknown }
  | { readonly kind: 'load-forecast'; readonly group: string }
  | { readonly kind: 'read-ten-seconds'; readonly query: HistoryQuery }
  | { readonly kind: 'read-minutes'; readonly query: HistoryQuery }
  | { readonly kind: 'list-overrides'; readonly group: string; readonly now: EpochMs }
  | {
      readonly kind: 'put-override';
      readonly group: string;
      readonly override: Override;
      readonly now: EpochMs;
    }
  | {
      readonly kind: 'remove-override';
      readonly group: string;
      readonly overrideKind: Override['kind'];
      readonly now: EpochMs;
    }
  | { readonly kind: 'put-mode'; readonly group: string; readonly mode: HandMode | null }
  | { readonly kind: 'get-mode'; readonly group: string }
  | { readonly kind: 'hold'; readonly request: LeaseRequest }
  | { readonly kind: 'release'; readonly group: string; readonly controller: string }
  | {
      readonly kind: 'put-model';
      readonly group: string;
      readonly of: ModelKind;
      readonly model: Uint8Array;
    }
  | { readonly kind: 'get-model'; readonly group: string; readonly of: ModelKind };

/** What each call answers. */
export interface StoreAnswers {
  readonly append: null;
  readonly read: readonly JournalEntry[];
  readonly recover: Recovery | null;
  readonly headers: readonly JournalHeader[];
  readonly record: null;
  readonly 'import-minutes': HistoryImported;
  readonly 'save-forecast': null;
  readonly 'load-forecast': unknown;
  readonly 'read-ten-seconds': PointColumns;
  readonly 'read-minutes': MinuteColumns;
  readonly 'list-overrides': readonly Override[];
  readonly 'put-override': null;
  readonly 'remove-override': boolean;
  readonly 'put-mode': null;
  readonly 'get-mode': HandMode | null;
  readonly hold: string | null;
  readonly release: null;
  readonly 'put-model': null;
  readonly 'get-model': Uint8Array | null;
}

export type StoreCallKind = keyof StoreAnswers;

/** All that the thread is started with. */
export interface EngineOptions {
  readonly connection: ConnectionOptions;
  readonly writer: WriterVersions;
  readonly journal: JournalLimits;
}

export type ToStoreThread =
  | { readonly kind: 'batch'; readonly calls: readonly StoreCall[] }
  | { readonly kind: 'close' };

export type FromStoreThread =
  /** One outcome for each call of the batch, in their order. */
  | {
      readonly kind: 'answers';
      readonly outcomes: readonly StoreOutcome<unknown>[];
      /** Files that were set aside since the last answer. */
      readonly setAside: readonly string[];
    }
  | { readonly kind: 'closed' };
