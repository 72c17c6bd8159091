// The group that the benchmarks run: nothing but bounds and a demand policy, as its defaults have it.
import type { Group } from '../core/group.ts';

/** A group that keeps the share of unserved demand, and acts at once. */
export function createDemandGroup(options: {
  readonly violationRatio: number;
  readonly isForecasting: boolean;
  readonly min: number;
  readonly max: number;
}): Group {
  const { violationRatio, isForecasting, min, max } = options;
  return {
    name: 'demand',
    mode: 'active',
    min,
    max,
    warmupMs: 0,
    // The policy holds surplus by itself.
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0.5,
    policies: [
      { type: 'demand', name: 'demand', violationRatio, isForecasting, staleAfterMs: 30_000 },
    ],
  };
}
