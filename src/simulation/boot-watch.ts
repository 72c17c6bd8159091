// Tells from counts alone how long launches take: which of the instances asked for came to serve.
// Knows no instance by name; the oldest launch is taken to be the first to arrive.

/** Only this file changes it. */
export interface BootWatch {
  /** Launches under way, oldest first: when they were asked for, one entry each. */
  readonly askedAt: number[];
  inService: number;
}

export function createBootWatch(): BootWatch {
  return { askedAt: [], inService: 0 };
}

const none: readonly number[] = [];

/**
 * Looks at the counts of a moment and returns how many seconds each launch took that has come into
 * service since the last one. What failed or was cancelled is forgotten, the newest first.
 */
export function watchBoots(
  watch: BootWatch,
  seen: { readonly now: number; readonly pending: number; readonly inService: number },
): readonly number[] {
  const { askedAt } = watch;
  const { now, pending, inService } = seen;
  if (inService === watch.inService && pending === askedAt.length) return none;
  const arrived = Math.max(0, inService - watch.inService);
  const took = askedAt.splice(0, arrived).map((at) => now - at);
  while (askedAt.length > pending) askedAt.pop();
  while (askedAt.length < pending) askedAt.push(now - 1);
  watch.inService = inService;
  return took;
}
