// The workers of a group by the work in their hands: who is idle, who is busy and can be told to drain,
// and how far those are that were told.

import {
  candidatesMax,
  type DrainingInstance,
  type ScaleInCandidates,
} from '../core/observation.ts';
import type { Drain } from '../core/state.ts';
import type { EpochMs } from '../core/time.ts';
import { workInHandSignal } from '../wire/work.ts';
import type { Member } from './member.ts';

export type WorkersReading = Omit<ScaleInCandidates, 'pending'>;

export interface Sight {
  readonly now: EpochMs;
  readonly isFresh: (member: Member) => boolean;
}

/**
 * Idle are those that freshly say they have no work in hand, the longest in service first; busy those
 * that freshly say they have some, the least first. Null where no instance in service tells of its work.
 */
export function readWorkers(
  members: ReadonlyMap<string, Member>,
  drains: readonly Drain[],
  { now, isFresh }: Sight,
): WorkersReading | null {
  const telling = [...members.values()].filter(
    ({ phase, values }) => phase === 'in-service' && values.has(workInHandSignal),
  );
  const draining = drains.flatMap(({ instance }) => {
    const member = members.get(instance);
    return member?.phase === 'in-service' ? [readDraining(member, isFresh(member))] : [];
  });
  if (telling.length === 0 && draining.length === 0) return null;
  const staying = telling.filter((member) => !member.isLeaving && isFresh(member));
  const since = ({ inServiceSince }: Member): EpochMs => inServiceSince ?? now;
  staying.sort(
    (one, other) =>
      countInHand(one) - countInHand(other) ||
      since(one) - since(other) ||
      (one.id < other.id ? -1 : 1),
  );
  const idle = staying.filter((member) => countInHand(member) === 0);
  const working = staying.filter((member) => countInHand(member) > 0);
  const busy = working.filter(({ hearsCommands }) => hearsCommands);
  const deaf = working.length - busy.length;
  return {
    idle: nameFirst(idle),
    ...(busy.length > 0 && { busy: nameFirst(busy) }),
    ...(deaf > 0 && { deaf }),
    ...(draining.length > 0 && { draining }),
  };
}

/**
 * What it told before it said that it drains does not count, for a message may have come since. One that
 * said good-bye after it has nothing to add.
 */
function readDraining(member: Member, isFresh: boolean): DrainingInstance {
  const { id, said, drainingSince } = member;
  const told = member.values.get(workInHandSignal);
  const isTold = told !== undefined && drainingSince !== null && told.at >= drainingSince;
  const isKnown = isTold && (isFresh || said === 'offline');
  return {
    instance: id,
    isDraining: drainingSince !== null,
    inHand: isKnown ? told.value : null,
  };
}

function countInHand({ values }: Member): number {
  return values.get(workInHandSignal)?.value ?? 0;
}

function nameFirst(members: readonly Member[]): readonly string[] {
  return members.slice(0, candidatesMax).map(({ id }) => id);
}
