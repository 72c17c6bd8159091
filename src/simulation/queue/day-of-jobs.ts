// A day of messages for queue workers: arrivals by a trace's minutes, durations lognormal, and longer
// at the end of the day than at its beginning, as they are when a producer changes what it sends.
import { createRandom, drawLognormal, drawPoisson, drawUniform } from '../random.ts';
import type { Jobs } from '../trace/jobs.ts';

/** The mean of a message in the first minute and in the last, in seconds. */
const firstMeanSeconds = 21;
const lastMeanSeconds = 37;
/** A coefficient of variation of 1: σ² = ln 2. */
const sigma = Math.sqrt(Math.LN2);

/** `counts`: messages a minute, scaled so that so many workers are busy on average. */
export function drawDayOfJobs(
  counts: readonly number[],
  { meanWorkers, seed }: { readonly meanWorkers: number; readonly seed: number },
): Jobs {
  const random = createRandom(seed, 'day of jobs');
  let work = 0;
  for (const [minute, count] of counts.entries()) work += count * meanAt(minute / counts.length);
  const scale = (meanWorkers * 60 * counts.length) / work;
  const sentAt: number[] = [];
  const durations: number[] = [];
  for (const [minute, count] of counts.entries()) {
    const mean = meanAt(minute / counts.length);
    const some = Array.from({ length: drawPoisson(random, count * scale) }, () => {
      return 60 * (minute + drawUniform(random));
    });
    for (const at of some.toSorted((one, other) => one - other)) {
      sentAt.push(at);
      // The median of a lognormal with CV 1 is its mean by √2.
      durations.push(drawLognormal(random, mean / Math.SQRT2, sigma));
    }
  }
  return { sentAt, durations };
}

function meanAt(share: number): number {
  return firstMeanSeconds + (lastMeanSeconds - firstMeanSeconds) * share;
}
