// What viewers see live: looks at the controller once a second while anyone watches, says what is
// other than a second ago, and says it once for all viewers.
//
//     asleep ──first viewer──> looking each second ──nobody for a minute──> asleep (events forgotten)

import type { GroupStatus, ReadModel } from '../../controller/ports/control.ts';
import { versionOf } from '../override-version.ts';
import { createEventRing, encodeEvent, type EventRing, type LiveEvent } from './event-ring.ts';
import { createFleetRows, describeRow, fleetColumns } from './fleet-rows.ts';
import { createGroupChanges, describeWhole, type GroupChanges } from './group-detail-change.ts';

export interface Viewer {
  /** Groups that are watched in full. */
  readonly groups: readonly string[];
  /** Never throws, and keeps no more than it can hand on. */
  readonly send: (bytes: Uint8Array) => void;
}

export interface EventHub {
  /** Sends what the viewer missed, or how everything stands, then what changes. Returns the leaving. */
  join(viewer: Viewer, lastEventId: string | null): () => void;
  /** A change that did not have to be looked for: an override, a job. */
  announce(name: string, data: unknown): void;
  /** Looks at once; a test need not wait for the second. */
  look(): void;
  readonly viewerCount: number;
  close(): void;
}

export interface EventHubOptions {
  readonly read: ReadModel;
  readonly version: string;
  readonly startedAt: number;
  /** A name that no other run of a controller has. */
  readonly run: string;
  /** Real time, never going back. */
  readonly elapsedMs: () => number;
  /** Runs every `ms`; returns the end of it. */
  readonly every: (ms: number, run: () => void) => () => void;
}

const lookEveryMs = 1000;
/** So long a viewer whose connection broke may take to come back to its place. */
const lingerMs = 60_000;
/** Clients that know the standard come back after this. */
const retryMs = 2000;

/** What was last said of one group. */
interface Told {
  readonly decision: string;
  readonly overrides: string;
}

export function createEventHub(options: EventHubOptions): EventHub {
  const { elapsedMs, every, read, run } = options;
  const ring = createEventRing(run);
  const viewers = new Set<Viewer>();
  const watched = new Map<string, GroupChanges>();
  let rows = createFleetRows();
  let told = new Map<string, Told>();
  let stopLooking: (() => void) | null = null;
  let emptySinceMs = 0;

  const publish = (event: LiveEvent): void => {
    for (const viewer of viewers) {
      if (event.group === null || viewer.groups.includes(event.group)) viewer.send(event.bytes);
    }
  };
  const add = (name: string, data: unknown, group: string | null = null): void =>
    publish(ring.add(name, data, group));

  const look = (): void => {
    const groups = read.groups();
    const change = rows.change(groups, elapsedMs());
    if (change.rows.length > 0 || change.gone.length > 0) {
      add('fleet', { isWhole: false, ...change });
    }
    told = tellChanges(groups, told, add);
    for (const name of new Set([...viewers].flatMap((viewer) => viewer.groups))) {
      const detail = read.group(name);
      const changes = watched.get(name) ?? createGroupChanges();
      watched.set(name, changes);
      const difference = detail === null ? null : changes.change(detail);
      if (difference !== null) add('group', difference, name);
    }
  };

  const fallAsleep = (): void => {
    stopLooking?.();
    stopLooking = null;
    ring.clear();
    rows = createFleetRows();
    watched.clear();
  };

  const lookOrSleep = (): void => {
    if (viewers.size > 0) {
      look();
    } else if (elapsedMs() - emptySinceMs >= lingerMs) {
      fallAsleep();
    } else {
      look();
    }
  };

  const wake = (): void => {
    if (stopLooking !== null) return;
    const groups = read.groups();
    rows.change(groups, elapsedMs());
    told = tellChanges(groups, new Map(), () => {});
    stopLooking = every(lookEveryMs, lookOrSleep);
  };

  return {
    get viewerCount() {
      return viewers.size;
    },
    join: (viewer, lastEventId) => {
      wake();
      viewer.send(greet(options, ring));
      const missed = lastEventId === null ? null : ring.since(lastEventId);
      if (missed === null) sendFleet(viewer, { read, ring, isLost: lastEventId !== null });
      else for (const event of missed) if (event.group === null) viewer.send(event.bytes);
      // A watched group is told whole each time: nobody may have looked at it in between.
      for (const name of viewer.groups) sendGroup(viewer, name, { read, ring });
      viewers.add(viewer);
      return () => {
        viewers.delete(viewer);
        emptySinceMs = elapsedMs();
        const stillWatched = new Set([...viewers].flatMap(({ groups }) => groups));
        for (const name of watched.keys()) if (!stillWatched.has(name)) watched.delete(name);
      };
    },
    announce: (name, data) => {
      if (stopLooking !== null) add(name, data);
    },
    look,
    close: fallAsleep,
  };
}

function greet({ read, startedAt, version }: EventHubOptions, { lastId }: EventRing): Uint8Array {
  const hello = { version, startedAt, now: read.now(), fleetColumns };
  const retry = new TextEncoder().encode(`retry: ${retryMs}\n`);
  return Buffer.concat([retry, encodeEvent('hello', hello, lastId)]);
}

interface Standing {
  readonly read: ReadModel;
  readonly ring: EventRing;
}

function sendFleet(
  viewer: Viewer,
  { isLost, read, ring }: Standing & { readonly isLost: boolean },
): void {
  if (isLost) {
    const reason = 'what you saw last is of another run, or too long ago: load everything anew';
    viewer.send(encodeEvent('reset', { reason }, ring.lastId));
  }
  const fleet = { isWhole: true, rows: read.groups().map(describeRow), gone: [] };
  viewer.send(encodeEvent('fleet', fleet, ring.lastId));
}

function sendGroup(viewer: Viewer, name: string, { read, ring }: Standing): void {
  const detail = read.group(name);
  if (detail !== null) viewer.send(encodeEvent('group', describeWhole(detail), ring.lastId));
}

/** Decisions that changed something, again when their outcome is known; and overrides. */
function tellChanges(
  groups: readonly GroupStatus[],
  before: ReadonlyMap<string, Told>,
  add: (name: string, data: unknown) => void,
): Map<string, Told> {
  const after = new Map<string, Told>();
  for (const status of groups) {
    const { lastDecision, mode, name, overrides } = status;
    const next: Told = {
      decision: `${lastDecision?.decision.at} ${lastDecision?.actuation?.kind}`,
      overrides: versionOf(status),
    };
    const known = before.get(name);
    if (lastDecision !== null && known?.decision !== next.decision) add('decision', lastDecision);
    if (known !== undefined && known.overrides !== next.overrides) {
      const overridesVersion = next.overrides;
      add('override', { group: name, mode, overrides, overridesVersion });
    }
    after.set(name, next);
  }
  return after;
}
