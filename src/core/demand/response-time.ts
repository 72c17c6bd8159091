// How long a unit of work takes that finds so many slots and so much other work: the M/G/c queue by
// its usual approximations. Steady state only: what a backlog adds is others' to say.

export interface Station {
  /** Things done at once by all instances together. > 0. */
  readonly slots: number;
  /** Mean time of one in its slot. > 0. */
  readonly serviceSeconds: number;
  /** Arrivals a second. ≥ 0, and below slots / serviceSeconds. */
  readonly arrivalsPerSecond: number;
}

/** Above so many slots the recursion is left for a formula. */
const recursionSlotsMax = 500;

/**
 * The probability of having to wait in M/M/c (Erlang 1917): by the recursion of Erlang's B, B(k) =
 * aB(k−1) / (k + aB(k−1)), and C = B / (1 − ρ(1 − B)). Two slots and a load of one: 1/3. Above 500
 * slots ρ^(√(2(c+1)) − 1), Sakasegawa 1977. 1 for a station that is full.
 */
export function waitingProbability(slots: number, offered: number): number {
  if (offered <= 0) return 0;
  const busyRatio = offered / slots;
  if (busyRatio >= 1) return 1;
  if (slots > recursionSlotsMax) {
    return Math.exp(Math.log(busyRatio) * (Math.sqrt(2 * (slots + 1)) - 1));
  }
  let blocked = 1;
  for (let slot = 1; slot <= slots; slot += 1) {
    blocked = (offered * blocked) / (slot + offered * blocked);
  }
  return blocked / (1 - busyRatio * (1 - blocked));
}

/** The squared coefficients of variation of what is between arrivals, and of service times. */
export interface Variability {
  readonly arrivals: number;
  readonly service: number;
}

/** Many independent users, and service times as uneven as exponential ones. */
export const exponential: Variability = { arrivals: 1, service: 1 };

/** What of the work takes longer than so many seconds, waiting and service together, 0–1. */
export type Tail = (seconds: number) => number;

/**
 * Waiting lasts longer than t with probability P·e^(−θt), where θ = c(1−ρ)/S · 2/(Ca² + Cs²): exact
 * for M/M/c, and with the mean of Allen and Cunneen (Allen 1990, "Probability, Statistics and
 * Queueing Theory") for others. Service is exponential, so that the sum has a closed form.
 */
export function responseTail(station: Station, variability: Variability = exponential): Tail {
  const { slots, serviceSeconds, arrivalsPerSecond } = station;
  const offered = arrivalsPerSecond * serviceSeconds;
  const waits = waitingProbability(slots, offered);
  const serviceRate = 1 / serviceSeconds;
  const spread = (variability.arrivals + variability.service) / 2;
  const waitRate = ((slots - offered) * serviceRate) / spread;
  // The formula has a removable pole where both rates are one.
  const apart = waitRate - serviceRate;
  const safe = Math.abs(apart) < 1e-6 * serviceRate ? 1e-6 * serviceRate : apart;
  return (seconds) => {
    const served = Math.exp(-serviceRate * seconds);
    const waited = Math.exp(-(serviceRate + safe) * seconds);
    const both = ((serviceRate + safe) * served - serviceRate * waited) / safe;
    return (1 - waits) * served + waits * both;
  };
}
