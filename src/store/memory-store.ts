// The store in memory, for simulations and tests: the same answers as the embedded one's (both pass
// one contract suite), and faults on demand. Pure; keeps what it is given and copies nothing.

import type {
  DemandHistory,
  ForecastMemory,
  HandMode,
  HandModes,
  Journal,
  LearnedModels,
  Leases,
  LeaseRequest,
  Overrides,
  Store,
  StoreOutcome,
} from '../controller/ports/store.ts';
import type { Override } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';
import { findBadMinute, findBadPoint } from './history-minute.ts';
import { createMemoryHistory } from './memory-history.ts';
import { createMemoryJournal } from './memory-journal.ts';

/** A method of a port, as `journal.append`. */
export type StoreMethod =
  | 'journal.append'
  | 'journal.read'
  | 'journal.recover'
  | 'history.record'
  | 'history.readTenSeconds'
  | 'history.readMinutes'
  | 'history.importMinutes'
  | 'forecasts.save'
  | 'forecasts.load'
  | 'overrides.list'
  | 'overrides.put'
  | 'overrides.remove'
  | 'modes.put'
  | 'modes.get'
  | 'leases.hold'
  | 'leases.release'
  | 'models.put'
  | 'models.get';

export interface StoreFault {
  /** Undefined: every method. */
  readonly method?: StoreMethod;
  /** How many calls it spoils; Infinity until it is healed. */
  readonly times: number;
  readonly message: string;
  /**
   * What the spoiled call does: nothing (as on a full disk), or all that it should, with only its
   * answer lost (as when the disk answers too late).
   */
  readonly effect: 'refused' | 'answer-lost';
}

export interface MemoryStoreOptions {
  /** The oldest entries of a group go beyond this many, and all after 7 days. */
  readonly entriesPerGroupMax?: number;
}

export interface MemoryStore extends Store {
  /** The next calls that it concerns fail. Several faults apply in the order they were given. */
  inject(fault: StoreFault): void;
  /** Ends all faults. */
  heal(): void;
}

/** A week of ticks at one a second, and some. */
const entriesPerGroupMaxDefault = 700_000;
/** A test that injects more forgot to heal. */
const faultsMax = 1000;

export function createMemoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  const journal = createMemoryJournal(options.entriesPerGroupMax ?? entriesPerGroupMaxDefault);
  const history = createMemoryHistory();
  const overrides = createOverrides();
  const leases = createLeases();
  const models = new Map<string, Uint8Array>();
  const faults = createFaults();
  let isClosed = false;

  const answer = <T>(method: StoreMethod, carryOut: () => T): Promise<StoreOutcome<T>> => {
    if (isClosed) return Promise.resolve({ ok: false, message: 'the store is closed' });
    const fault = faults.take(method);
    if (fault === null) return Promise.resolve({ ok: true, value: carryOut() });
    if (fault.effect === 'answer-lost') carryOut();
    return Promise.resolve({ ok: false, message: fault.message });
  };

  const journalPort: Journal = {
    append: (entries) => answer('journal.append', () => journal.append(entries)),
    read: (query) => answer('journal.read', () => journal.read(query)),
    recover: (group) => answer('journal.recover', () => journal.recover(group)),
  };
  const historyPort: DemandHistory = {
    record: (points) => {
      const bad = findBadPoint(points);
      if (bad !== null) return Promise.resolve({ ok: false, message: bad });
      return answer('history.record', () => history.record(points));
    },
    readTenSeconds: (query) =>
      answer('history.readTenSeconds', () => history.readTenSeconds(query)),
    readMinutes: (query) => answer('history.readMinutes', () => history.readMinutes(query)),
    importMinutes: (request) => {
      const bad = findBadMinute(request);
      if (bad !== null) return Promise.resolve({ ok: false, message: bad });
      return answer('history.importMinutes', () => history.importMinutes(request));
    },
  };
  const forecasters = new Map<string, unknown>();
  const forecastsPort: ForecastMemory = {
    save: (group, learnt) =>
      answer('forecasts.save', () => {
        forecasters.set(group, structuredClone(learnt));
        return null;
      }),
    load: (group) =>
      answer('forecasts.load', () => structuredClone(forecasters.get(group) ?? null)),
  };
  const overridesPort: Overrides = {
    list: (group, now) => answer('overrides.list', () => overrides.list(group, now)),
    put: (group, override, now) =>
      answer('overrides.put', () => overrides.put(group, override, now)),
    remove: (group, kind, now) =>
      answer('overrides.remove', () => overrides.remove(group, kind, now)),
  };
  const handModes = new Map<string, HandMode | null>();
  const modesPort: HandModes = {
    put: (group, mode) =>
      answer('modes.put', () => {
        handModes.set(group, mode);
        return null;
      }),
    get: (group) => answer('modes.get', () => handModes.get(group) ?? null),
  };
  const leasesPort: Leases = {
    hold: (request) => answer('leases.hold', () => leases.hold(request)),
    release: (group, controller) =>
      answer('leases.release', () => leases.release(group, controller)),
  };
  const modelsPort: LearnedModels = {
    put: (group, kind, model) =>
      answer('models.put', () => {
        models.set(`${kind} ${group}`, model);
        return null;
      }),
    get: (group, kind) => answer('models.get', () => models.get(`${kind} ${group}`) ?? null),
  };

  return {
    journal: journalPort,
    history: historyPort,
    overrides: overridesPort,
    modes: modesPort,
    leases: leasesPort,
    forecasts: forecastsPort,
    models: modelsPort,
    inject: faults.inject,
    heal: faults.heal,
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

function createFaults(): {
  inject(fault: StoreFault): void;
  heal(): void;
  take(method: StoreMethod): StoreFault | null;
} {
  let faults: { readonly fault: StoreFault; left: number }[] = [];
  return {
    inject: (fault) => {
      if (faults.length >= faultsMax) throw new Error(`more than ${faultsMax} faults at a time`);
      faults.push({ fault, left: fault.times });
    },
    heal: () => {
      faults = [];
    },
    take: (method) => {
      const found = faults.find(({ fault }) => (fault.method ?? method) === method);
      if (found === undefined) return null;
      found.left -= 1;
      faults = faults.filter(({ left }) => left > 0);
      return found.fault;
    },
  };
}

function createOverrides(): {
  list(group: string, now: EpochMs): readonly Override[];
  put(group: string, override: Override, now: EpochMs): null;
  remove(group: string, kind: Override['kind'], now: EpochMs): boolean;
} {
  const byGroup = new Map<string, readonly Override[]>();
  const list = (group: string, now: EpochMs): readonly Override[] =>
    (byGroup.get(group) ?? []).filter(({ until }) => until === null || until > now);
  return {
    list,
    put: (group, override, now) => {
      const others = list(group, now).filter(({ kind }) => kind !== override.kind);
      const kept = [...others, override];
      byGroup.set(
        group,
        kept.toSorted((one, other) => (one.kind < other.kind ? -1 : 1)),
      );
      return null;
    },
    remove: (group, kind, now) => {
      const inForce = list(group, now);
      const kept = inForce.filter((override) => override.kind !== kind);
      byGroup.set(group, kept);
      return kept.length < inForce.length;
    },
  };
}

function createLeases(): {
  hold(request: LeaseRequest): string | null;
  release(group: string, controller: string): null;
} {
  const byGroup = new Map<string, { readonly controller: string; readonly until: EpochMs }>();
  return {
    hold: ({ group, controller, now, durationMs }) => {
      const lease = byGroup.get(group);
      const isHeldByOther =
        lease !== undefined && lease.controller !== controller && lease.until > now;
      if (isHeldByOther) return lease.controller;
      byGroup.set(group, { controller, until: now + durationMs });
      return null;
    },
    release: (group, controller) => {
      if (byGroup.get(group)?.controller === controller) byGroup.delete(group);
      return null;
    },
  };
}
