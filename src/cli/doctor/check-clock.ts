// This machine's clock beside AWS's, by the Date of an answer: AWS refuses what is signed more than
// five minutes off, and reports of agents are judged by time.

import { fail, ok, warn, type Finding } from './finding.ts';

const answerWaitMaxMs = 5_000;
/** [General reference] "Signature Version 4": requests expire after five minutes. */
const refusedBeyondMs = 300_000;
const warnBeyondMs = 2_000;
const advice = 'set the clock by NTP: "chronyc tracking" says what is wrong';

export async function checkClock(region: string, endpoint: string | undefined): Promise<Finding> {
  const url = endpoint ?? process.env['AWS_ENDPOINT_URL'] ?? `https://sts.${region}.amazonaws.com/`;
  try {
    const askedAt = Date.now();
    const signal = AbortSignal.timeout(answerWaitMaxMs);
    const { headers } = await fetch(url, { method: 'HEAD', signal });
    const theirs = Date.parse(headers.get('date') ?? '');
    return judgeSkew((askedAt + Date.now()) / 2 - theirs);
  } catch {
    return warn('clock', `${url} does not answer, so the clock cannot be compared`, advice);
  }
}

/** A Date has whole seconds: half a second either way is nothing. */
export function judgeSkew(skewMs: number): Finding {
  if (!Number.isFinite(skewMs)) {
    return warn('clock', 'AWS’s answer had no date', 'compare the clock by hand');
  }
  const size = Math.abs(skewMs);
  const side = skewMs < 0 ? 'behind' : 'ahead of';
  const message = `this clock is ${(size / 1000).toFixed(1)} s ${side} AWS’s`;
  if (size >= refusedBeyondMs) return fail('clock', `${message}, which refuses that`, advice);
  return size > warnBeyondMs ? warn('clock', message, advice) : ok('clock', message);
}
