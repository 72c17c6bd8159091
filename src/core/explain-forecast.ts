// What a forecast policy says, in one sentence each.

import { sayCount, sayDuration, sayValue } from './phrase.ts';
import type { Reason } from './reason.ts';

export type ForecastReason = Extract<Reason, { readonly code: `forecast${string}` }>;

export function explainForecast(reason: ForecastReason): string {
  switch (reason.code) {
    case 'forecast': {
      const { raisesMaxTo } = reason;
      const raised = raisesMaxTo === null ? '' : `; its maximum may be ${raisesMaxTo} for that`;
      return `${sayExpected(reason)}${raised}`;
    }
    case 'forecast-only':
      return `${sayExpected(reason)}: ${sayCount(reason.size, 'instance')}, which it only tells`;
    case 'forecast-unusable':
      return `the demand cannot be forecast (${reason.cause})`;
    case 'forecast-unknown':
      return 'nothing is forecast yet';
    case 'forecast-stale':
      return `the last forecast is ${sayDuration(reason.ageMs)} old`;
  }
}

function sayExpected({
  aheadMs,
  demand,
  target,
}: Extract<ForecastReason, { readonly aheadMs: number }>): string {
  const expected = `demand of ${sayValue('demand', demand)} is expected`;
  const each = `${sayValue('demand', target)} for an instance`;
  return `${expected} within ${sayDuration(aheadMs)}, ${each}`;
}
