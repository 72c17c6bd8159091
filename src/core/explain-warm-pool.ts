// What a warm pool is kept for, in sentences: how fast it is, what it costs and what it saves.

import { sayCount, sayDollars, sayDuration, sayNumber, sayPercent } from './phrase.ts';
import type { Reason } from './reason.ts';
import type { EpochMs } from './time.ts';
import type { WarmPoolDecision } from './warm-pool/warm-pool.ts';

export const warmPoolCodes = [
  'warm-pool',
  'warm-pool-unknown',
  'warm-pool-ending',
  'warm-pool-asked',
] as const;
type WarmPoolReason = Extract<Reason, { readonly code: (typeof warmPoolCodes)[number] }>;

export function explainWarmPoolReason(reason: WarmPoolReason, at: EpochMs): string {
  switch (reason.code) {
    case 'warm-pool':
      return `${sayLeads(reason)}; ${sayPrices(reason)}; ${sayMembers(reason)}`;
    case 'warm-pool-unknown':
      return 'the demand or the pool is not known yet, and the pool stays as it is';
    case 'warm-pool-ending':
      return 'AWS is deleting the pool, and makes no other before that is over';
    case 'warm-pool-asked': {
      const times = sayCount(reason.tries, 'time');
      const ago = sayDuration(at - reason.at);
      return `${reason.prepared} prepared were asked for ${times}, ${ago} ago, and are not described yet`;
    }
  }
}

type PlanReason = Extract<Reason, { readonly code: 'warm-pool' }>;

function sayLeads({ coldLeadMs, warmLeadMs, isWarmLearned }: PlanReason): string {
  const learned = isWarmLearned ? '' : ', not measured yet';
  return `a start from it takes ${sayDuration(warmLeadMs)}${learned}, a cold one ${sayDuration(coldLeadMs)}`;
}

function sayPrices(reason: PlanReason): string {
  const { costRatio, isCheaper, isJudged, prepared } = reason;
  const waiting = `waiting costs ${sayPercent(costRatio)} of running`;
  const worth = `${prepared} in service and waiting are worth it`;
  if (!isJudged) return `${waiting}; ${worth}, and what it saves is judged after an hour`;
  const prices = `with the pool the promise ${sayPrice(reason, reason.pooled)}, by launching ahead alone it ${sayPrice(reason, reason.ahead)}`;
  const verdict = isCheaper ? worth : 'the pool is not worth it, and none is to wait';
  return `${waiting}; ${prices}: ${verdict}`;
}

function sayPrice({ pricePerInstanceHour }: PlanReason, instances: number | null): string {
  if (instances === null) return 'would not be kept';
  if (pricePerInstanceHour === null) return `costs ${sayNumber(instances)} instances`;
  return `costs ${sayDollars(instances * pricePerInstanceHour)} an hour`;
}

function sayMembers({ ready, preparing, state }: PlanReason): string {
  const coming = preparing === 0 ? '' : `, ${preparing} being prepared`;
  return ready === 0 && preparing === 0
    ? 'none waits, and every launch is a cold one'
    : `${ready} ${state} and ready${coming}`;
}

/** What is done with the pool, without its reasons. */
export function describeWarmPool({
  kind,
  acts,
  from,
  to,
  minSize,
  state,
}: WarmPoolDecision): string {
  const bound = to === null ? 'not bounded by Foretide' : `${to} prepared`;
  const least = minSize === 0 ? '' : `, at least ${minSize} of them ${state}`;
  if (kind === 'hold') return `warm pool: ${bound}${least}`;
  const verb = acts ? 'set to' : 'would be set to';
  const before = from === null ? '' : `, from ${from}`;
  return `warm pool (${state}) ${verb} ${bound}${least}${before}`;
}
