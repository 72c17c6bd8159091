// What people ask for: a size, one to hold at least, a pause, an end to them, another mode. Kept in
// the store, in force at once; a wish that would not be carried out is refused rather than kept.

import { tighterBounds } from '../core/guardrails/size-bounds.ts';
import type { Override } from '../core/observation.ts';
import { isInForce, nameGround } from './hand-mode.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Commands, ModeWish, WishOutcome } from './ports/control.ts';
import type { Log } from './ports/log.ts';
import type { HandMode, HandModes, Overrides } from './ports/store.ts';

export interface WishPorts {
  readonly overrides: Overrides;
  readonly modes: HandModes;
  readonly clock: Clock;
  readonly log: Log;
  readonly writeConfig: (group: ManagedGroup) => Promise<void>;
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
    const refusal = refuse(group, override);
    if (refusal !== null) return refusal;
    const { overrides, clock, log, onGranted } = this.#ports;
    const stored = await overrides.put(name, override, clock.now());
    if (!stored.ok) return { kind: 'refused', code: 'store', message: stored.message };
    const others = group.overrides.filter(({ kind }) => kind !== override.kind);
    group.overrides = [...others, override];
    log.write('info', `${name}: ${describe(override)} by ${override.by}: ${override.why}`);
    onGranted(group);
    return { kind: 'granted' };
  }

  check(name: string, override: Override): WishOutcome {
    const group = this.#groups.get(name);
    if (group === undefined) return this.#refuseUnknown(name);
    return refuse(group, override) ?? { kind: 'granted' };
  }

  /**
   * Over that of the config, which it goes back to by asking for that one. The journal learns of it as
   * of a new config, so that a replay decides as it was decided.
   */
  async changeMode(name: string, { by, mode, why }: ModeWish): Promise<WishOutcome> {
    const group = this.#groups.get(name);
    if (group === undefined) return this.#refuseUnknown(name);
    const { clock, log, modes, onGranted, writeConfig } = this.#ports;
    const over = nameGround(group.settings);
    const asked: HandMode = { mode, by, why, at: clock.now(), over };
    const byHand = mode === over.mode ? null : asked;
    const stored = await modes.put(name, byHand);
    if (!stored.ok) return { kind: 'refused', code: 'store', message: stored.message };
    if (this.#groups.get(name) !== group || !isInForce(asked, group.settings)) {
      const message = `the config of ${name} has changed meanwhile; look again, then ask again`;
      return { kind: 'refused', code: 'mode', message };
    }
    group.changeMode(byHand);
    await writeConfig(group);
    log.write('info', `${name}: mode ${mode} by ${by}: ${why}`);
    onGranted(group);
    return { kind: 'granted' };
  }

  /** Ends every wish, so that the policies decide again. */
  async end(name: string, by: string): Promise<WishOutcome> {
    const group = this.#groups.get(name);
    if (group === undefined) return this.#refuseUnknown(name);
    if (group.overrides.length === 0) {
      const message = `${name} is neither paused nor set nor held: its policies decide already`;
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

function describe(override: Override): string {
  switch (override.kind) {
    case 'set':
      return `set to ${override.desired}`;
    case 'hold':
      return `held at ${override.atLeast} or more`;
    case 'pause':
      return 'paused';
  }
}

/** Why the wish would not be carried out; null if it would. */
function refuse({ group, description }: ManagedGroup, override: Override): WishOutcome | null {
  const { mode, name } = group;
  if (override.kind === 'pause') return null;
  if (mode === 'observe' || mode === 'advise') {
    const message = `${name} is in the mode ${mode}, which never acts`;
    return { kind: 'refused', code: 'mode', message };
  }
  const size = override.kind === 'set' ? override.desired : override.atLeast;
  const isRemoval = override.kind === 'set' && size < (description?.desired ?? 0);
  if (mode === 'scale-out-only' && isRemoval) {
    const message = `${name} is in the mode scale-out-only, which removes nothing`;
    return { kind: 'refused', code: 'mode', message };
  }
  const { min, max } = tighterBounds(group, description ?? group);
  if (size >= min && size <= max) return null;
  const message = `${size} is outside the bounds of ${name}: ${min} to ${max}`;
  return { kind: 'refused', code: 'out-of-bounds', message };
}
