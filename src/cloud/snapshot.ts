// The whole state of a world as plain JSON with a version, and a world from it that goes on as the
// first would have.

import type { Outcome } from './fault.ts';
import { refuse, succeed } from './fault.ts';
import type { PlainJson } from './plain-json.ts';
import { fromPlainJson, toPlainJson } from './plain-json.ts';
import type { WorldState } from './world.ts';
import { World } from './world.ts';

/** Raised with every change of the state's shape; no older one is read. */
export const SNAPSHOT_VERSION = 3;

export interface Snapshot {
  readonly version: number;
  readonly world: PlainJson;
}

/** Returns everything but the source of metrics, which its owner attaches again. */
export function takeSnapshot(world: World): Snapshot {
  return { version: SNAPSHOT_VERSION, world: toPlainJson(world.exportState()) };
}

/** Returns the world, or one line on why it cannot be had. */
export function restoreSnapshot(snapshot: unknown): Outcome<World> {
  const isRecord = typeof snapshot === 'object' && snapshot !== null;
  const version = isRecord && 'version' in snapshot ? snapshot.version : undefined;
  if (!isRecord || !('world' in snapshot) || version !== SNAPSHOT_VERSION) {
    return refuse(
      'UnknownSnapshot',
      `the saved cloud has version ${JSON.stringify(version) ?? 'none'}; ` +
        `this program reads version ${SNAPSHOT_VERSION} only`,
    );
  }
  // The version says that `takeSnapshot` of this very shape wrote it.
  return succeed(World.fromState(fromPlainJson(snapshot.world) as WorldState));
}
