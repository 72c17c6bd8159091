// How long an instance takes from request to service, and what of that is billed.
import { createRandom, drawLognormal, drawUniform } from '../random.ts';
import { pendingSeconds } from '../score/billing.ts';

export type BootTime =
  | { readonly kind: 'fixed'; readonly seconds: number }
  | { readonly kind: 'lognormal'; readonly medianSeconds: number; readonly sigma: number };

/** Longer boots are cut here: the fleet's calendar has to hold them. */
const bootSecondsMax = 3600;

/** What becomes of one launch request: undefined if it fails, else its boot in whole seconds. */
export function drawBoot(
  boot: BootTime,
  launchFailureRatio: number,
  seed: number,
  launchNumber: number,
): number | undefined {
  const random = createRandom(seed, 'launch', launchNumber);
  if (drawUniform(random) < launchFailureRatio) return undefined;
  const seconds =
    boot.kind === 'fixed' ? boot.seconds : drawLognormal(random, boot.medianSeconds, boot.sigma);
  return Math.max(1, Math.min(bootSecondsMax, Math.round(seconds)));
}

/** `drawBoot` of a launch number under a seed. */
export type BootDraws = (seed: number, launchNumber: number) => number | undefined;

/** So many launches of a seed are remembered; later ones are drawn each time. */
const rememberedMax = 1_000_000;
const failed = 0;

/** Draws each launch once for all runs that ask: rules differ, and what becomes of a launch does not. */
export function rememberBoots(boot: BootTime, launchFailureRatio: number): BootDraws {
  const bySeed = new Map<number, number[]>();
  return (seed, launchNumber) => {
    const known = bySeed.get(seed) ?? [];
    if (known.length === 0) bySeed.set(seed, known);
    const seconds =
      known[launchNumber] ?? drawBoot(boot, launchFailureRatio, seed, launchNumber) ?? failed;
    if (launchNumber < rememberedMax) known[launchNumber] = seconds;
    return seconds === failed ? undefined : seconds;
  };
}

/**
 * The mean of the billed part of a boot, max(0, D − 16): 104 for a fixed 120 s. For a lognormal D
 * it is M·e^(σ²/2)·Φ(u + σ) − 16·Φ(u) with u = ln(M/16)/σ, the formula of a call option.
 */
export function meanBilledBootSeconds(boot: BootTime): number {
  if (boot.kind === 'fixed') return Math.max(0, boot.seconds - pendingSeconds);
  const { medianSeconds, sigma } = boot;
  const u = Math.log(medianSeconds / pendingSeconds) / sigma;
  const mean = medianSeconds * Math.exp((sigma * sigma) / 2);
  return mean * normalCumulative(u + sigma) - pendingSeconds * normalCumulative(u);
}

/** Φ by Abramowitz and Stegun 26.2.17; error below 7.5e-8. */
function normalCumulative(x: number): number {
  if (x < 0) return 1 - normalCumulative(-x);
  const t = 1 / (1 + 0.2316419 * x);
  const series =
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI)) * series;
}
