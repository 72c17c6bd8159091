// What an instance costs: the rule, and the cost of one whole life. The fleet meters the same rule
// second by second; a test holds the two together.

/** A boot's first seconds are `pending` and free. */
export const pendingSeconds = 16;
/** Every launch request that did not fail costs at least this much, cancelled or not. */
export const minimumBilledSeconds = 60;

/** An instance from its request to its end, in seconds of one clock. */
export interface InstanceLife {
  readonly requestedAt: number;
  /** From request to service; a boot shorter than the pending time is billed from service on. */
  readonly bootSeconds: number;
  /** When it was cancelled or taken out of service. */
  readonly endedAt: number;
  /** Billed after service; an instance that never served does not drain. */
  readonly drainSeconds: number;
}

/** Billed seconds of a whole life. Requested at 0, booting 120 s, ended at 200: 184 + drain. */
export function billLife(life: InstanceLife): number {
  const runsFrom = life.requestedAt + Math.min(pendingSeconds, life.bootSeconds);
  const served = life.endedAt >= life.requestedAt + life.bootSeconds;
  const endsAt = life.endedAt + (served ? life.drainSeconds : 0);
  return Math.max(minimumBilledSeconds, endsAt - runsFrom);
}
