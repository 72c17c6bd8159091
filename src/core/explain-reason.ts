// One sentence for each reason: what a policy saw, what a person asked for, what a guardrail or a gate
// objected to. Closed like the reasons: a new one does not compile without its sentence.

import { explainForecast } from './explain-forecast.ts';
import { explainDemand, explainLatency } from './explain-demand.ts';
import { explainBacklog } from './explain-backlog.ts';
import { explainWarmPoolReason, warmPoolCodes } from './explain-warm-pool.ts';
import { sayCount, sayDollars, sayDuration, sayPercent, sayRange, sayValue } from './phrase.ts';
import type { Reason, ReasonCode } from './reason.ts';
import type { EpochMs } from './time.ts';

/** One reason as a sentence without a full stop. `at` is the moment it was given. */
export function explainReason(reason: Reason, at: EpochMs): string {
  if (isOpinion(reason)) return explainOpinion(reason, at);
  if (isAboutWarmPool(reason)) return explainWarmPoolReason(reason, at);
  return isLimit(reason) ? explainLimit(reason, at) : explainDoubt(reason, at);
}

const opinionCodes = [
  'backlog-promise',
  'backlog-recipe',
  'backlog-setter',
  'queue-unknown',
  'queue-stale',
  'demand',
  'demand-unknown',
  'latency-unknown',
  'latency-unreachable',
  'demand-stale',
  'forecast',
  'forecast-only',
  'forecast-unusable',
  'forecast-unknown',
  'forecast-stale',
  'target-tracking',
  'within-tolerance',
  'step',
  'no-step',
  'no-reading',
  'no-instances',
  'empty',
  'division-by-zero',
  'not-finite',
  'fixed',
  'schedule',
  'schedule-inactive',
  'schedule-unknown',
  'override-set',
  'override-hold',
] as const satisfies readonly ReasonCode[];

const limitCodes = [
  'rate',
  'budget-hour',
  'budget-month',
  'budget-unknown',
  'unseen-signal',
  'promise-beyond-max',
  'freeze',
  'unhealthy',
  'foreign-change',
  'launch-failures',
  'scale-out-only',
  'size-bounds',
] as const satisfies readonly ReasonCode[];

type Opinion = Extract<Reason, { readonly code: (typeof opinionCodes)[number] }>;
type Limit = Extract<Reason, { readonly code: (typeof limitCodes)[number] }>;

function isOpinion(reason: Reason): reason is Opinion {
  return opinionCodes.some((code) => code === reason.code);
}

type AboutWarmPool = Extract<Reason, { readonly code: (typeof warmPoolCodes)[number] }>;

function isAboutWarmPool(reason: Reason): reason is AboutWarmPool {
  return warmPoolCodes.some((code) => code === reason.code);
}

function isLimit(reason: Reason): reason is Limit {
  return limitCodes.some((code) => code === reason.code);
}

/** What a policy or a person says. */
function explainOpinion(reason: Opinion, at: EpochMs): string {
  switch (reason.code) {
    case 'backlog-promise':
    case 'backlog-recipe':
    case 'backlog-setter':
      return explainBacklog(reason);
    case 'queue-unknown':
      return 'the queue has not been counted yet';
    case 'queue-stale':
      return `the queue was last counted ${sayDuration(reason.ageMs)} ago`;
    case 'demand':
      return explainDemand(reason);
    case 'demand-unknown':
      return 'nothing is known of the demand yet';
    case 'latency-unknown':
    case 'latency-unreachable':
      return explainLatency(reason);
    case 'demand-stale':
      return `the demand was last seen ${sayDuration(reason.ageMs)} ago`;
    case 'forecast':
    case 'forecast-only':
    case 'forecast-unusable':
    case 'forecast-unknown':
    case 'forecast-stale':
      return explainForecast(reason);
    case 'target-tracking': {
      const { signal, value, target, instances } = reason;
      const side = value > target ? 'above' : 'below';
      const measured = `${signal} is ${sayValue(signal, value)}`;
      const over = `over ${sayCount(instances, 'instance')}`;
      return `${measured} ${over}, ${side} its target of ${sayValue(signal, target)}`;
    }
    case 'within-tolerance': {
      const { signal, value, target, toleranceRatio } = reason;
      const measured = `${signal} is ${sayValue(signal, value)}`;
      const tolerance = `within ${sayPercent(toleranceRatio)}`;
      return `${measured}, ${tolerance} of its target of ${sayValue(signal, target)}`;
    }
    case 'step': {
      const { signal, value, lower, upper } = reason;
      return `${signal} is ${sayValue(signal, value)}, in the step ${sayRange(signal, lower, upper)}`;
    }
    case 'no-step':
      return `${reason.signal} is ${sayValue(reason.signal, reason.value)}, which is in no step`;
    case 'no-reading':
      return `no warmed instance has reported ${reason.signal} recently`;
    case 'no-instances':
      return `there is no instance to report ${reason.signal}`;
    case 'empty': {
      const measured = `${reason.signal} is ${sayValue(reason.signal, reason.value)}`;
      return `${measured}, and there is ${reason.value > 0 ? 'no instance yet' : 'no need of an instance'}`;
    }
    case 'division-by-zero':
      return `${reason.expression} divides by zero now`;
    case 'not-finite':
      return `${reason.expression} is not a finite number now`;
    case 'fixed':
      return `its size is ${reason.size}`;
    case 'schedule':
      return `scheduled for another ${sayDuration(reason.until - at)}`;
    case 'schedule-inactive':
      if (reason.next === null) return 'nothing is scheduled';
      return `nothing is scheduled for another ${sayDuration(reason.next - at)}`;
    case 'schedule-unknown':
      return 'its windows are not known';
    case 'override-set':
      return `${reason.by} set ${reason.desired}`;
    case 'override-hold': {
      const { by, atLeast, why, until } = reason;
      const span = until === null ? '' : ` for another ${sayDuration(until - at)}`;
      return `${by} holds at least ${atLeast}${span}: ${why}`;
    }
  }
}

/** What keeps the group, the purse or others from harm. */
function explainLimit(reason: Limit, at: EpochMs): string {
  switch (reason.code) {
    case 'rate': {
      const { direction, most, used, periodMs } = reason;
      const done = direction === 'scale-out' ? 'added' : 'removed';
      const limit = `at most ${sayCount(most, 'instance')} may be ${done}`;
      return `${limit} in ${sayDuration(periodMs)}, and ${used} were`;
    }
    case 'budget-hour': {
      const { perHour, pricePerInstanceHour } = reason;
      const price = `at ${sayDollars(pricePerInstanceHour)} an instance`;
      return `the budget is ${sayDollars(perHour)} an hour, ${price}`;
    }
    case 'budget-month': {
      const { perMonth, monthToDate, forecast } = reason;
      const spent = `${sayDollars(monthToDate)} of ${sayDollars(perMonth)} are spent`;
      return `${spent}, and the month will come to ${sayDollars(forecast)} as it is`;
    }
    case 'budget-unknown':
      return 'there is a budget, and the price of an instance is not known: it limits nothing';
    case 'promise-beyond-max': {
      const { max, needed, promiseMs } = reason;
      const promise = `a promise of ${sayDuration(promiseMs)}`;
      return `${promise} cannot be kept: it needs ${sayCount(needed, 'instance')}, and ${max} are allowed`;
    }
    case 'unseen-signal':
      return `nobody reports ${reason.signal}; what is reported: ${reason.seen.join(', ')}`;
    case 'freeze': {
      const { name, direction, until } = reason;
      const what = direction === 'scale-out' ? 'added' : 'removed';
      return `${name}: nothing is ${what} for another ${sayDuration(until - at)}`;
    }
    case 'unhealthy': {
      const { unhealthy, minHealthyRatio, least } = reason;
      const failing = `${sayCount(unhealthy, 'instance is', 'instances are')} unhealthy`;
      return `${failing}, and with fewer than ${least} less than ${sayPercent(minHealthyRatio)} might be healthy`;
    }
    case 'foreign-change': {
      const { what, from, to, by, until } = reason;
      const found = `${by ?? 'someone else'} changed ${what} from ${from} to ${to}`;
      const ago = `${sayDuration(at - reason.at)} ago`;
      const left =
        until === null ? '' : `, which is left alone for another ${sayDuration(until - at)}`;
      return `${found} ${ago}${left}`;
    }
    case 'launch-failures': {
      const { inARow, cause, until } = reason;
      const failed = `the last ${sayCount(inARow, 'launch', 'launches')} failed (${cause})`;
      if (until <= at) return failed;
      return `${failed}; more is asked for in ${sayDuration(until - at)}`;
    }
    case 'scale-out-only':
      return 'the mode is scale-out-only';
    case 'size-bounds':
      if (reason.draining === undefined) return `the bounds are ${reason.min} to ${reason.max}`;
      return `the bounds are ${reason.min} to ${reason.max}, and ${reason.draining} of these drain`;
  }
}

/** What is in doubt, or not over yet. */
function explainDoubt(
  reason: Exclude<Reason, Opinion | Limit | AboutWarmPool>,
  at: EpochMs,
): string {
  switch (reason.code) {
    case 'paused': {
      const { by, until } = reason;
      return `${by} paused the group${until === null ? '' : ` for another ${sayDuration(until - at)}`}`;
    }
    case 'native-in-charge':
      return `AWS's policy ${reason.native} sets the size, and nobody asked for another`;
    case 'held-by-other':
      return `another controller holds the group: ${reason.controller}`;
    case 'capacity-unknown':
      return 'the Auto Scaling group could not be described yet';
    case 'act-in-flight':
      return `the change to ${reason.to} is still on its way, for ${sayDuration(at - reason.since)}`;
    case 'outcome-unknown':
      return `the call that set ${reason.to} timed out, and the group has not been described since`;
    case 'refused-recently': {
      const { times, refusal, retryAt } = reason;
      const refused = `AWS refused the last ${sayCount(times, 'try', 'tries')} (${refusal})`;
      return `${refused}; the next is in ${sayDuration(retryAt - at)}`;
    }
    case 'veto':
      return `${reason.policy} has a veto (${reason.veto}) and does not recommend fewer`;
    case 'capacity-stale':
      return `the group was last described ${sayDuration(reason.ageMs)} ago`;
    case 'broker-down':
      return 'the broker cannot be reached, so silence says nothing about the instances';
    case 'journal-unwritable':
      return 'the journal cannot be written';
    case 'policy-blind':
      return `${reason.policy} cannot see`;
    case 'too-few-reports': {
      const { reporting, expected, minReportingRatio } = reason;
      return `only ${reporting} of ${expected} report, and ${sayPercent(minReportingRatio)} must`;
    }
    case 'warming':
      return `${sayCount(reason.warming, 'instance')} warming up and ${reason.pending} pending`;
    case 'pending-launches': {
      const { pending, cancelled } = reason;
      const launches = `${sayCount(pending, 'launch is', 'launches are')} pending`;
      return cancelled === 0
        ? `${launches}, and none can be cancelled before they are described`
        : `${launches}, and ${cancelled} of them are cancelled first`;
    }
    case 'busy-instances': {
      const idle = sayCount(reason.idle, 'instance has', 'instances have');
      const ended = `${idle} no work in hand, and the others end theirs first`;
      if (reason.deaf === undefined) return ended;
      return `${ended} (${sayCount(reason.deaf, 'hears', 'hear')} no command to drain)`;
    }
    case 'stabilization':
      return `within the last ${sayDuration(reason.windowMs)} ${reason.size} was recommended`;
    case 'cooldown':
      return `the cooldown lasts another ${sayDuration(reason.until - at)}`;
    case 'observe-only':
      return 'the mode is observe: nothing is decided';
    case 'already-advised':
      return `the mode is advise, and ${reason.size} has been advised already`;
  }
}
