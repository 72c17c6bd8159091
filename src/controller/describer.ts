// Keeps the descriptions of all groups recent: every few seconds, sooner while something is on its
// way, later while AWS refuses. Groups behind one set of credentials and region share calls; those
// behind another never wait for them.

import type { EpochMs } from '../core/time.ts';
import type { ManagedGroup } from './managed-group.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { DescribeOutcome, ScalingTarget, TargetAddress } from './ports/scaling-target.ts';

/** How often a group is described while nothing happens. */
export const describeEveryMs = 5000;
/** The same while instances come and go, or an act awaits its proof. */
export const describeUnsettledEveryMs = 1000;
/** The longest wait after failures in a row; the first waits `describeEveryMs`. */
export const describeBackoffMaxMs = 60_000;

/** Groups behind one set of credentials and region. */
interface Partition {
  isAsking: boolean;
  failuresInRow: number;
  retryAt: EpochMs;
}

export class Describer {
  readonly #target: ScalingTarget;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #groups: ReadonlyMap<string, ManagedGroup>;
  readonly #partitions = new Map<string, Partition>();
  readonly #dueAt = new WeakMap<ManagedGroup, EpochMs>();
  /** The last complaint about each group: said again only when it changes. */
  readonly #said = new WeakMap<ManagedGroup, string>();

  /** `groups` by name; they may come and go. */
  constructor(
    groups: ReadonlyMap<string, ManagedGroup>,
    ports: { readonly target: ScalingTarget; readonly clock: Clock; readonly log: Log },
  ) {
    this.#target = ports.target;
    this.#clock = ports.clock;
    this.#log = ports.log;
    this.#groups = groups;
  }

  /** Asks for what is due. Returns when nothing asked by this call is open any more. */
  async poll(): Promise<void> {
    const now = this.#clock.now();
    const asked: Promise<void>[] = [];
    for (const [access, groups] of byAccess(this.#groups.values())) {
      const one = this.#partitions.get(access) ?? createPartition();
      this.#partitions.set(access, one);
      if (one.isAsking || now < one.retryAt) continue;
      const due = groups.filter((group) => (this.#dueAt.get(group) ?? 0) <= now);
      if (due.length > 0) asked.push(this.#ask(one, due));
    }
    await Promise.all(asked);
  }

  /** Has the group described at the next poll. */
  expedite(group: ManagedGroup): void {
    this.#dueAt.set(group, 0);
  }

  async #ask(one: Partition, groups: readonly ManagedGroup[]): Promise<void> {
    one.isAsking = true;
    const outcomes = await this.#target.describe(groups.map(addressOf));
    one.isAsking = false;
    const now = this.#clock.now();
    let hasFailed = false;
    for (const [index, group] of groups.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      group.applyDescription(outcome);
      this.#complain(group, outcome);
      hasFailed ||= outcome.kind === 'failed';
      const everyMs = isUnsettled(group) ? describeUnsettledEveryMs : describeEveryMs;
      this.#dueAt.set(group, now + everyMs);
    }
    one.failuresInRow = hasFailed ? one.failuresInRow + 1 : 0;
    one.retryAt = hasFailed ? now + waitAfter(one.failuresInRow) : 0;
  }

  #complain(group: ManagedGroup, outcome: DescribeOutcome): void {
    const complaint = findComplaint(group, outcome);
    const before = this.#said.get(group);
    if (complaint === before) return;
    if (complaint === undefined) {
      this.#said.delete(group);
      this.#log.write('info', `${group.group.name}: described again`);
      return;
    }
    this.#said.set(group, complaint);
    this.#log.write('warn', `${group.group.name}: ${complaint}`);
  }
}

/** The pool is asked for, which takes a call of its own, where the group is to have one. */
function addressOf({ group, settings: { target } }: ManagedGroup): TargetAddress {
  return group.warmPool === undefined ? target : { ...target, withWarmPool: true };
}

function findComplaint(group: ManagedGroup, outcome: DescribeOutcome): string | undefined {
  const { autoScalingGroup, region } = group.settings.target;
  const name = `the Auto Scaling group ${autoScalingGroup}`;
  switch (outcome.kind) {
    case 'described': {
      const { warmPool } = outcome.description;
      if (warmPool?.kind !== 'failed') return undefined;
      return `the warm pool of ${name} cannot be described, and stays as it is: ${warmPool.message}`;
    }
    case 'missing':
      return `AWS knows no Auto Scaling group ${autoScalingGroup} in ${region ?? 'the default region'}; holding until it exists`;
    case 'failed':
      return `${name} cannot be described (${outcome.code}): ${outcome.message}; trying again`;
  }
}

function waitAfter(failuresInRow: number): number {
  const doublings = Math.min(failuresInRow - 1, 5);
  return Math.min(describeBackoffMaxMs, describeEveryMs * 2 ** doublings);
}

/** Whether instances come and go, or an act awaits its proof. */
export function isUnsettled(group: ManagedGroup): boolean {
  const { description, state } = group;
  if (description === null || state.accepted !== null || state.inFlight !== null) return true;
  let inService = 0;
  for (const { phase } of description.instances) {
    if (phase === 'pending' || phase === 'terminating') return true;
    if (phase === 'in-service') inService += 1;
  }
  return inService !== description.desired;
}

function createPartition(): Partition {
  return { isAsking: false, failuresInRow: 0, retryAt: 0 };
}

function byAccess(groups: Iterable<ManagedGroup>): ReadonlyMap<string, readonly ManagedGroup[]> {
  const found = new Map<string, ManagedGroup[]>();
  for (const group of groups) {
    const { region, roleArn } = group.settings.target;
    const access = `${region ?? ''} ${roleArn ?? ''}`;
    const known = found.get(access);
    if (known === undefined) found.set(access, [group]);
    else known.push(group);
  }
  return found;
}
