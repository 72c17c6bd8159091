// Who may act on a group: one controller at a time. Two ways of finding out stand beside each other:
// a lease in the store, for controllers that share it, and a claim on the broker, for those that
// share only that. Either is enough to be told to keep off.

import type { EpochMs } from '../core/time.ts';
import { encodeClaim, type GroupClaim } from '../wire/claim.ts';
import { controllerTopic } from '../wire/topics.ts';
import { nobodyAnyMore, nobodyYet, type ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { Leases } from './ports/store.ts';
import type { Telemetry } from './ports/telemetry.ts';

/** How long a lease or a claim stands without being renewed. */
export const leaseDurationMs = 15_000;
/** How often both are renewed. */
export const leaseRenewEveryMs = 5000;

export interface OwnershipOptions {
  readonly controller: string;
  /** By name; groups may come and go. */
  readonly groups: ReadonlyMap<string, ManagedGroup>;
  readonly clock: Clock;
  readonly log: Log;
  readonly leases: Leases;
  readonly telemetry: Telemetry;
}

interface HeardClaim {
  readonly claim: GroupClaim;
  /** When it runs out unless it is renewed. */
  readonly until: EpochMs;
}

export class Ownership {
  readonly #options: OwnershipOptions;
  readonly #since: EpochMs;
  readonly #heard = new Map<ManagedGroup, HeardClaim>();
  readonly #leaseHolder = new Map<ManagedGroup, string | null>();
  #renewedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OwnershipOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  /** Renews what is held, every few seconds; call at each tick. */
  async renew(): Promise<void> {
    const now = this.#options.clock.now();
    if (now - this.#renewedAt < leaseRenewEveryMs) return;
    this.#renewedAt = now;
    for (const group of this.#options.groups.values()) await this.#renewGroup(group, now);
  }

  /** Another controller's word about a group, or an echo of our own. Null: it was given up. */
  hear(group: ManagedGroup, claim: GroupClaim | null, arrivedAt: EpochMs): void {
    if (claim?.controller === this.#options.controller) return;
    if (claim === null) this.#heard.delete(group);
    else this.#heard.set(group, { claim, until: arrivedAt + claim.durationMs });
    this.#settle(group, arrivedAt);
  }

  /** Gives everything up, so that another controller need not wait. */
  async release(): Promise<void> {
    const { groups } = this.#options;
    for (const group of groups.values()) {
      if (group.heldBy === null) await this.#giveUp(group.group.name);
    }
  }

  /** Takes a group that has just come, without waiting for the next renewal. */
  async take(group: ManagedGroup): Promise<void> {
    await this.#renewGroup(group, this.#options.clock.now());
  }

  /** Gives up a group that is no longer managed. From now on nothing is done about it. */
  async dismiss(group: ManagedGroup): Promise<void> {
    const wasHeld = group.heldBy === null;
    group.heldBy = nobodyAnyMore;
    this.#heard.delete(group);
    this.#leaseHolder.delete(group);
    if (wasHeld) await this.#giveUp(group.group.name);
  }

  async #giveUp(name: string): Promise<void> {
    const { leases, controller, telemetry } = this.#options;
    telemetry.publish(controllerTopic(name), '', { isRetained: true });
    await leases.release(name, controller);
  }

  async #renewGroup(group: ManagedGroup, now: EpochMs): Promise<void> {
    const { leases, controller } = this.#options;
    const name = group.group.name;
    const held = await leases.hold({ group: name, controller, now, durationMs: leaseDurationMs });
    if (this.#options.groups.get(name) !== group) {
      // It went while the store was asked.
      if (held.ok && held.value === null) await leases.release(name, controller);
      return;
    }
    // A store that fails tells nothing new: the last answer stands, and at the start nobody's.
    if (held.ok) this.#leaseHolder.set(group, held.value);
    this.#settle(group, now);
    if (group.heldBy === null) this.#publishClaim(name);
  }

  #publishClaim(name: string): void {
    const { controller, telemetry } = this.#options;
    const claim = { controller, since: this.#since, durationMs: leaseDurationMs };
    telemetry.publish(controllerTopic(name), encodeClaim(claim), { isRetained: true });
  }

  #settle(group: ManagedGroup, now: EpochMs): void {
    const before = group.heldBy;
    group.heldBy = this.#leaseHolder.get(group) ?? this.#findElderClaim(group, now);
    if (group.heldBy === before) return;
    const { log } = this.#options;
    if (group.heldBy !== null) {
      log.write('warn', `${group.group.name}: not acting, ${group.heldBy} holds the group`);
    } else if (before !== nobodyYet) {
      log.write('info', `${group.group.name}: held by this controller now`);
    }
  }

  /** The other controller whose claim stands and is older than ours; the name settles a tie. */
  #findElderClaim(group: ManagedGroup, now: EpochMs): string | null {
    const heard = this.#heard.get(group);
    if (heard === undefined || heard.until <= now) return null;
    const { controller, since } = heard.claim;
    const isElder =
      since < this.#since || (since === this.#since && controller < this.#options.controller);
    return isElder ? controller : null;
  }
}
