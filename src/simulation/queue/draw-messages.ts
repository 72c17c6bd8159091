// Whole messages of a load that counts them: sent as the load has them, with durations drawn.
import { createRandom, drawLognormal } from '../random.ts';
import type { Load } from '../load/load.ts';
import type { Jobs } from '../trace/jobs.ts';

export interface MessageDurations {
  /** Of the mean message, > 0. */
  readonly meanSeconds: number;
  /** Standard deviation over the mean, ≥ 0; 0 makes all alike. */
  readonly spreadRatio: number;
  readonly seed: number;
}

/** Nothing takes no time. */
const secondsMin = 0.001;

/**
 * A message whenever the sum of the load has grown by one, half of one first: 0.2 a second are one
 * every 5 s, and three in one second lie evenly in it. Durations are lognormal with that mean and
 * spread: μ = ln mean − σ²/2, σ² = ln(1 + spread²).
 */
export function drawMessages(load: Load, durations: MessageDurations): Jobs {
  const draw = createDraw(durations);
  const sentAt: number[] = [];
  let sum = 0;
  for (const [second, messages] of load.workPerSecond.entries()) {
    const before = sum;
    sum += messages;
    while (sentAt.length + 0.5 <= sum) {
      const within = Math.max(0, (sentAt.length + 0.5 - before) / messages);
      sentAt.push(load.startSeconds + second + Math.min(within, 0.999));
    }
  }
  return { sentAt, durations: sentAt.map(draw) };
}

function createDraw({ meanSeconds, spreadRatio, seed }: MessageDurations): () => number {
  if (spreadRatio === 0) return () => meanSeconds;
  const random = createRandom(seed, 'durations of messages');
  const variance = Math.log(1 + spreadRatio * spreadRatio);
  const median = meanSeconds * Math.exp(-variance / 2);
  return () => Math.max(secondsMin, drawLognormal(random, median, Math.sqrt(variance)));
}
