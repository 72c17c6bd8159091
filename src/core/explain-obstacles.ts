// From what stands in the way of a change to sentences: who is not for it and how far from it, what
// would hold it and until when, and what would have to change.

import { explainReason } from './explain-reason.ts';
import { explainRecommendation, type Explanation } from './explain.ts';
import type { Dissent, Holder, Obstacles } from './obstacles.ts';
import { sayCount, sayDuration, sayValue } from './phrase.ts';
import type { Threshold } from './policies/find-threshold.ts';
import type { Reason } from './reason.ts';

/** Times in it are relative to `obstacles.at`. */
export function explainObstacles(obstacles: Obstacles): Explanation {
  const { dissents, holders, direction, at } = obstacles;
  const details = [
    ...dissents.map((dissent) => explainDissent(dissent, obstacles)),
    ...(isMissingWish(obstacles) ? [`no policy asks for ${sayWhat(direction)}`] : []),
    ...holders.map((holder) => explainHolder(holder, at)),
  ];
  return { summary: summarise(obstacles), details };
}

/** To remove, someone must ask for it even where nobody is against it; to add, likewise. */
function isMissingWish({ isWanted, dissents, direction }: Obstacles): boolean {
  return !isWanted && (direction === 'scale-out' || dissents.length === 0);
}

function summarise(obstacles: Obstacles): string {
  const { current, direction, dissents, holders, isDecided, isWanted } = obstacles;
  const from = `${direction} from ${current}`;
  if (isDecided) return `nothing stands in the way of a ${from}: it is decided now`;
  const against = direction === 'scale-in' ? dissents.length : 0;
  const parts = [
    ...(against > 0 ? [`${sayCount(against, 'word', 'words')} against it`] : []),
    ...(isMissingWish(obstacles) ? ['nobody who asks for it'] : []),
    ...(holders.length > 0 ? [`${sayCount(holders.length, 'rule')} that would hold it`] : []),
  ];
  if (parts.length === 0) {
    return isWanted ? `a ${from} is asked for, and nothing holds it` : `no ${from} is asked for`;
  }
  return `no ${from}: ${parts.join(', and ')}`;
}

function sayWhat(direction: Obstacles['direction']): string {
  return direction === 'scale-in' ? 'fewer' : 'more';
}

function explainDissent({ recommendation, thresholds }: Dissent, obstacles: Obstacles): string {
  const { at, direction } = obstacles;
  const told = explainRecommendation(recommendation, at);
  if (thresholds.length === 0) return told;
  const bounds = thresholds.map((threshold) => explainThreshold(threshold, direction));
  const joined = bounds.join(direction === 'scale-in' ? ' and ' : ' or ');
  return `${told}; it asks for ${sayWhat(direction)} ${joined}`;
}

function explainThreshold(
  { signal, value, bound }: Threshold,
  direction: Obstacles['direction'],
): string {
  if (bound === null) return `at no value of ${signal}`;
  const side = direction === 'scale-in' ? 'below' : 'above';
  const at = `with ${signal} ${side} ${sayValue(signal, bound)}`;
  if (value === null) return at;
  return `${at} (${sayValue(signal, Math.abs(value - bound))} away)`;
}

function explainHolder({ name, reason, until }: Holder, at: number): string {
  return `${name} would hold it: ${explainReason(reason, at)}${explainEnd(reason, until, at)}`;
}

/** When what holds a change back ends, to stand after its reason; empty where nobody can tell. */
export function explainEnd(reason: Reason, until: number | null, at: number): string {
  if (until !== null) return `; it ends in ${sayDuration(until - at)}`;
  const remedy = findRemedy(reason);
  return remedy === null ? '' : `; it ends ${remedy}`;
}

/** What ends it, where time does not. */
function findRemedy(reason: Reason): string | null {
  switch (reason.code) {
    case 'warming':
      return 'when they are in service and have warmed up';
    case 'too-few-reports': {
      const least = Math.ceil(reason.minReportingRatio * reason.expected);
      return `when at least ${least} of ${reason.expected} report`;
    }
    case 'broker-down':
      return 'when the broker is reached again';
    case 'capacity-stale':
    case 'capacity-unknown':
    case 'outcome-unknown':
    case 'pending-launches':
      return 'with the next description of the Auto Scaling group';
    case 'policy-blind':
      return `when ${reason.policy} has a reading`;
    case 'journal-unwritable':
      return 'when the journal can be written';
    case 'veto':
      return `when ${reason.policy} recommends fewer`;
    case 'unhealthy':
      return 'when they are replaced';
    case 'act-in-flight':
      return 'when AWS has answered';
    case 'paused':
      return 'with `foretide resume`';
    case 'scale-out-only':
      return 'in the mode active';
    case 'observe-only':
      return 'in the modes advise, scale-out-only and active';
    case 'size-bounds':
      return 'with other bounds, in the config or of the Auto Scaling group';
    case 'budget-hour':
    case 'budget-month':
      return 'with a larger budget';
    case 'held-by-other':
      return 'when that controller gives it up';
    default:
      return null;
  }
}
