// The embedded store as the controller has it: the ports, answered by a thread that works on one
// SQLite file. Here are the queue to that thread, the waiting for it, and its start and end.

import type { Store, StoreOutcome } from '../controller/ports/store.ts';
import { stateVersion } from '../core/state.ts';
import { minutesFrom, pointsFrom } from './history-columns.ts';
import { findBadMinute, findBadPoint } from './history-minute.ts';
import type { JournalHeader } from './journal-header.ts';
import { journalLimits, type JournalLimits } from './journal-limits.ts';
import { startStoreThread, type StoreThread } from './store-queue.ts';

export interface StoreOptions {
  readonly path: string;
  /** Stands in the header of what is written. */
  readonly foretideVersion: string;
  /**
   * A file that cannot be opened because it is damaged is left alone, and each call answers a
   * failure. If this is given, such a file is renamed and a new one started instead; it is called
   * with the new name, to say so.
   */
  readonly onSetAside?: (path: string) => void;
  /** The greatest size of the file. By default the disk's. */
  readonly fileBytesMax?: number;
  readonly journal?: Partial<JournalLimits>;
  readonly waits?: Partial<StoreWaits>;
}

/** How long things may take, in milliseconds of this machine. */
export interface StoreWaits {
  /** For another process's transaction to end. */
  readonly busyTimeoutMs: number;
  /** Between two attempts to open the file. */
  readonly retryAfterMs: number;
  /** For any answer: a disk that hangs does not hold the controller up longer. */
  readonly answerWithinMs: number;
}

export const storeWaits: StoreWaits = {
  busyTimeoutMs: 1000,
  retryAfterMs: 1000,
  answerWithinMs: 5000,
};

export interface EmbeddedStore extends Store {
  /** Under which versions a group's journal was written. Oldest first. */
  readHeaders(group: string): Promise<StoreOutcome<readonly JournalHeader[]>>;
}

/**
 * Opens the store in `path`, and makes it (0600) with its folder (0700) if it is not there. Returns
 * at once: a file that cannot be opened is a failure of each call, and is tried again in time.
 */
export function openStore(options: StoreOptions): EmbeddedStore {
  const waits = { ...storeWaits, ...options.waits };
  const { busyTimeoutMs, retryAfterMs, answerWithinMs } = waits;
  const thread = startStoreThread({
    thread: threadUrl(),
    engine: {
      connection: {
        path: options.path,
        onDamaged: options.onSetAside === undefined ? 'refuse' : 'set-aside',
        busyTimeoutMs,
        retryAfterMs,
        fileBytesMax: options.fileBytesMax ?? null,
      },
      writer: {
        foretideVersion: options.foretideVersion,
        nodeVersion: process.version,
        stateVersion,
      },
      journal: { ...journalLimits, ...options.journal },
    },
    answerWithinMs,
    onSetAside: options.onSetAside ?? (() => {}),
  });
  return storeOver(thread);
}

function storeOver(thread: StoreThread): EmbeddedStore {
  const { ask } = thread;
  return {
    journal: {
      append: (entries) => ask({ kind: 'append', entries }),
      read: (query) => ask({ kind: 'read', query }),
      recover: (group) => ask({ kind: 'recover', group }),
    },
    history: {
      record: (points) => {
        const bad = findBadPoint(points);
        if (bad !== null) return Promise.resolve({ ok: false, message: bad });
        return ask({ kind: 'record', points });
      },
      readTenSeconds: async (query) => {
        const outcome = await ask({ kind: 'read-ten-seconds', query });
        return outcome.ok ? { ok: true, value: pointsFrom(outcome.value, query) } : outcome;
      },
      readMinutes: async (query) => {
        const outcome = await ask({ kind: 'read-minutes', query });
        return outcome.ok ? { ok: true, value: minutesFrom(outcome.value) } : outcome;
      },
      importMinutes: (request) => {
        const bad = findBadMinute(request);
        if (bad !== null) return Promise.resolve({ ok: false, message: bad });
        return ask({ kind: 'import-minutes', request });
      },
    },
    overrides: {
      list: (group, now) => ask({ kind: 'list-overrides', group, now }),
      put: (group, override, now) => ask({ kind: 'put-override', group, override, now }),
      remove: (group, overrideKind, now) =>
        ask({ kind: 'remove-override', group, overrideKind, now }),
    },
    modes: {
      put: (group, mode) => ask({ kind: 'put-mode', group, mode }),
      get: (group) => ask({ kind: 'get-mode', group }),
    },
    leases: {
      hold: (request) => ask({ kind: 'hold', request }),
      release: (group, controller) => ask({ kind: 'release', group, controller }),
    },
    forecasts: {
      save: (group, learnt) => ask({ kind: 'save-forecast', group, learnt }),
      load: (group) => ask({ kind: 'load-forecast', group }),
    },
    models: {
      put: (group, of, model) => ask({ kind: 'put-model', group, of, model }),
      get: (group, of) => ask({ kind: 'get-model', group, of }),
    },
    readHeaders: (group) => ask({ kind: 'headers', group }),
    close: thread.close,
  };
}

/** Beside this file, and compiled if this one is. */
function threadUrl(): URL {
  return import.meta.url.endsWith('.ts')
    ? new URL('./store-thread.ts', import.meta.url)
    : new URL('./store-thread.js', import.meta.url);
}
