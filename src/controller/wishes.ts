// What people ask for: a size, a pause, an end to either. Kept in the store, in force at once; a wish
// that would not be carried out is refused rather than kept.

import { tighterBounds } from '../core/guardrails/size-bounds.ts';
import type { Override } from '../core/observation.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Commands, WishOutcome } from './ports/control.ts';
import type { Log } from './ports/log.ts';
import type { Overrides } from './ports/store.ts';

export interface WishPorts {
  readonly overrides: Overrides;
  readonly clock: Clock;
  readonly log: Log;
  readonly onGranted: (group: ManagedGroup) => void;
}

export class Wishes implements Commands {
  readonly #groups: ReadonlyMap<string, ManagedGroup>;
  readonly #ports: WishPorts;

  constructor(groups: ReadonlyMap<string, ManagedGroup>, ports: WishPorts) {
    this.#groups = groups;
    this.#ports = ports;
  }

  /** Puts a wish in force, in the place of the group's last one of its kind. */
  async put(name: string, override: Override): Promise<WishOutcome> {
    const group = this.#groups.get(name);
    if (group === undefined) return this.#refuseUnknown(name);
    const refusal = override.kind === 'set' ? refuseSet(group, override.desired) : null;
    if (refusal !== null) return refusal;
    const { overrides, clock, log, onGranted } = this.#ports;
    const stored = await overrides.put(name, override, clock.now());
    if (!stored.ok) return { kind: 'refused', code: 'store', message: stored.message };
    const others = group.overrides.filter(({ kind }) => kind !== override.kind);
    group.overrides = [...others, override];
    const what = override.kind === 'set' ? `set to ${override.desired}` : 'paused';
    log.write('info', `${name}: ${what} by ${override.by}: ${override.why}`);
    onGranted(group);
    return { kind: 'granted' };
  }

  /** Ends a pause and a `set`, so that the policies decide again. */
  async end(name: string, by: string): Promise<WishOutcome> {
    const group = this.#groups.get(name);
    if (group === undefined) return this.#refuseUnknown(name);
    if (group.overrides.length === 0) {
      const message = `${name} is neither paused nor set: its policies decide already`;
      return { kind: 'refused', code: 'nothing-to-end', message };
    }
    const { overrides, clock, log, onGranted } = this.#ports;
    for (const { kind } of group.overrides) {
      const removed = await overrides.remove(name, kind, clock.now());
      if (!removed.ok) return { kind: 'refused', code: 'store', message: removed.message };
    }
    group.overrides = [];
    log.write('info', `${name}: resumed by ${by}`);
    onGranted(group);
    return { kind: 'granted' };
  }

  #refuseUnknown(name: string): WishOutcome {
    const known = [...this.#groups.keys()].toSorted().join(', ');
    const message = `there is no group ${name}; known are: ${known}`;
    return { kind: 'refused', code: 'unknown-group', message };
  }
}

function refuseSet(group: ManagedGroup, desired: number): WishOutcome | null {
  const { mode, name } = group.group;
  if (mode === 'observe' || mode === 'advise') {
    const message = `${name} is in the mode ${mode}, which never acts`;
    return { kind: 'refused', code: 'mode', message };
  }
  if (mode === 'scale-out-only' && desired < (group.description?.desired ?? 0)) {
    const message = `${name} is in the mode scale-out-only, which removes nothing`;
    return { kind: 'refused', code: 'mode', message };
  }
  const { min, max } = tighterBounds(group.group, group.description ?? group.group);
  if (desired >= min && desired <= max) return null;
  const message = `${desired} is outside the bounds of ${name}: ${min} to ${max}`;
  return { kind: 'refused', code: 'out-of-bounds', message };
}
