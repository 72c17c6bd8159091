// What a demand policy saw and promises, in sentences.

import type { LatencyPromise } from './demand/staffing.ts';
import { sayDuration, sayPercent, sayValue } from './phrase.ts';
import type { Reason } from './reason.ts';

export function explainDemand(reason: Extract<Reason, { readonly code: 'demand' }>): string {
  const { demand, capacityPerInstance, leadMs, add, keep, riskRatio, isForecast, pool } = reason;
  const offered = `demand is ${sayValue('demand', demand)} a second`;
  const capacity = `${sayValue('demand', capacityPerInstance)} for an instance`;
  const source = isForecast ? 'by load and calendar' : 'by load';
  const sizes = `${add} are worth launching and ${keep} worth keeping in ${sayDuration(leadMs)}`;
  const waiting =
    pool === undefined
      ? ''
      : `; ${pool.ready} waiting in the warm pool, ${sayDuration(pool.leadMs)} away, stand in for as many`;
  const kept = reason.latency === undefined ? '' : `; for ${sayPromise(reason.latency)}`;
  return `${offered}, ${capacity}; ${source}, ${sizes} at a risk of ${sayPercent(riskRatio)}${kept}${waiting}`;
}

function sayPromise({ promiseMs, tailRatio }: LatencyPromise): string {
  return `${sayPercent(1 - tailRatio)} within ${sayDuration(promiseMs)}`;
}

type LatencyReason = Extract<Reason, { readonly code: 'latency-unknown' | 'latency-unreachable' }>;

/** Why a promise of latency cannot be reckoned, or not be kept. */
export function explainLatency(reason: LatencyReason): string {
  switch (reason.code) {
    case 'latency-unknown': {
      const service =
        reason.signal === null ? '' : `, or of ${reason.signal}, which says how long one is served`;
      return `nothing is known yet of the requests in a second, for which CPU does not stand${service}`;
    }
    case 'latency-unreachable': {
      const alone = `served alone a request takes ${sayDuration(reason.serviceMs)} in the mean`;
      return `${sayPromise(reason)} cannot be kept by any number of instances: ${alone}`;
    }
  }
}
