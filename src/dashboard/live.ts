// What the controller tells by itself: one stream of server-sent events, opened again whenever it
// breaks, with a slow question beside it that notices a connection which is only seemingly alive.
//
//     connecting ──hello──> live ──no answer to the question──> stale ──answered──> live
//         ^                  │                                    │
//         └── after a pause ─┴──── broken ──> lost ───────────────┘

import { signal, type ReadonlySignal } from '@preact/signals';
import type { Ask } from './ask.ts';
import type {
  FleetEvent,
  GroupAnswer,
  GroupEvent,
  HelloEvent,
  ToldDecision,
  VersionAnswer,
} from './contract.ts';
import { applyFleet, type Fleet } from './fleet-rows.ts';
import { applyGroup } from './group-detail.ts';
import { createHistory, type FleetHistory } from './fleet-history.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Nothing has been heard although the connection stands. */
  | { readonly kind: 'stale'; readonly since: number }
  | { readonly kind: 'lost'; readonly since: number };

export interface Live {
  readonly connection: ReadonlySignal<Connection>;
  /** Null until it has been told. */
  readonly fleet: ReadonlySignal<Fleet | null>;
  readonly history: FleetHistory;
  /** The watched group; null until it has been told. */
  readonly group: ReadonlySignal<GroupAnswer | null>;
  /** The newest decision that changed something, of any group. */
  readonly decision: ReadonlySignal<ToldDecision | null>;
  readonly hello: ReadonlySignal<HelloEvent | null>;
  /** The version that sent this page, once another answers in its place. */
  readonly outdatedBy: ReadonlySignal<string | null>;
  /** Counts the restarts that the page has lived through. */
  readonly restarts: ReadonlySignal<number>;
  watch(group: string | null): void;
  start(): void;
  stop(): void;
}

const pauseFirstMs = 500;
const pauseMaxMs = 10_000;
const checkEveryMs = 10_000;

export function createLive(ask: Ask): Live {
  const connection = signal<Connection>({ kind: 'connecting' });
  const fleet = signal<Fleet | null>(null);
  const group = signal<GroupAnswer | null>(null);
  const decision = signal<ToldDecision | null>(null);
  const hello = signal<HelloEvent | null>(null);
  const outdatedBy = signal<string | null>(null);
  const restarts = signal(0);
  const history = createHistory();
  let firstVersion: string | null = null;
  let watched: string | null = null;
  let source: EventSource | null = null;
  let isRunning = false;
  let pauseMs = pauseFirstMs;
  let opening: ReturnType<typeof setTimeout> | undefined;
  let checking: ReturnType<typeof setInterval> | undefined;

  const greet = (told: HelloEvent): void => {
    firstVersion ??= told.version;
    if (told.version !== firstVersion) outdatedBy.value = told.version;
    if (hello.value !== null && hello.value.startedAt !== told.startedAt) restarts.value += 1;
    hello.value = told;
    pauseMs = pauseFirstMs;
    connection.value = { kind: 'live' };
  };

  const lose = (): void => {
    source?.close();
    source = null;
    if (connection.value.kind !== 'lost') connection.value = { kind: 'lost', since: Date.now() };
    if (!isRunning) return;
    clearTimeout(opening);
    opening = setTimeout(open, pauseMs);
    pauseMs = Math.min(pauseMaxMs, pauseMs * 2);
  };

  const open = (): void => {
    source?.close();
    const groups = watched === null ? '' : `?groups=${encodeURIComponent(watched)}`;
    source = new EventSource(`/v1/events${groups}`);
    listen<HelloEvent>(source, 'hello', greet);
    listen<FleetEvent>(source, 'fleet', (event) => {
      const columns = hello.value?.fleetColumns ?? [];
      fleet.value = applyFleet(fleet.value ?? new Map(), event, columns);
      history.note(fleet.value);
    });
    listen<GroupEvent>(source, 'group', (event) => {
      if (event.name === watched) group.value = applyGroup(group.value, event);
    });
    listen<ToldDecision>(source, 'decision', (told) => {
      decision.value = told;
    });
    source.addEventListener('error', lose);
  };

  const check = async (): Promise<void> => {
    if (source === null) return;
    const answer = await ask<VersionAnswer>('/v1/version');
    const { value } = connection;
    if (answer.kind === 'unreachable' && value.kind === 'live') {
      connection.value = { kind: 'stale', since: Date.now() };
    } else if (answer.kind === 'answered' && value.kind === 'stale') {
      connection.value = { kind: 'live' };
    }
  };

  return {
    connection,
    fleet,
    history,
    group,
    decision,
    hello,
    outdatedBy,
    restarts,
    watch: (name) => {
      if (name === watched) return;
      watched = name;
      group.value = null;
      if (isRunning) open();
    },
    start: () => {
      if (isRunning) return;
      isRunning = true;
      open();
      checking = setInterval(() => void check(), checkEveryMs);
    },
    stop: () => {
      isRunning = false;
      clearTimeout(opening);
      clearInterval(checking);
      source?.close();
      source = null;
    },
  };
}

function listen<T>(source: EventSource, name: string, take: (told: T) => void): void {
  source.addEventListener(name, (event: MessageEvent<string>) => {
    // The server that sent this page: it is taken at its word.
    take(JSON.parse(event.data) as T);
  });
}
