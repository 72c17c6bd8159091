// A queue and its promise in one line of a terminal.

import type { GroupStatus } from '../api/answers.ts';

type Queue = NonNullable<GroupStatus['queue']>;

export function sayQueue({ inFlight, promiseKept, promiseMs, visible }: Queue): string {
  const counts = `queue: ${Math.round(visible)} waiting, ${Math.round(inFlight)} in flight`;
  const kept = `last hour ${sayShare(promiseKept.hour)}, last day ${sayShare(promiseKept.day)}`;
  return `${counts}; done within ${promiseMs / 1000} s: ${kept}`;
}

/** Rounded down, so that one late message of many never reads as all of them in time. */
function sayShare({ ratio, unknown }: Queue['promiseKept']['hour']): string {
  if (ratio === null) return unknown > 0 ? 'not known' : 'none done';
  return `${Math.floor(ratio * 1000 + 1e-9) / 10}%`;
}
