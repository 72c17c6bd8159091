// What a rival is: a rule of another autoscaler, with the monitoring and the group it runs on.
import type { ScaleInOrder } from '../fluid/fleet.ts';
import type { Scaler } from '../fluid/scaler.ts';
import type { Telemetry } from '../fluid/telemetry.ts';

/** What a rule is told. Neither the capacity of an instance nor the boot time is among it. */
export interface RivalContext {
  /** Work per second and instance; for queues, messages per instance. */
  readonly target: number;
  /** The peak of the scored span in instances: hindsight, for the static fleet alone. */
  readonly peakInstances: number;
}

export interface Rival {
  readonly name: string;
  /** Where the rule is stated, in one line. */
  readonly source: string;
  readonly serves: 'load' | 'queue';
  /** The monitoring that it has where it is at home. */
  readonly telemetry: Telemetry;
  readonly scaleInOrder: ScaleInOrder;
  readonly warmupSeconds: number;
  readonly warmupFrom: 'service' | 'request';
  /** False for a rule that has no target to tune. */
  readonly hasTarget: boolean;
  /** Seconds whose samples the rule averages, if it makes no other use of them; absent, it does. */
  readonly averagesSeconds?: number;
  /**
   * What the rule does by the clock it does in epoch seconds that are multiples of this. Absent: it
   * answers to samples alone.
   */
  readonly wakeSeconds?: number;
  /** True for a rule that also notes for how long the group's counts have been what they are. */
  readonly watchesCounts?: boolean;
  readonly create: (context: RivalContext) => Scaler;
}

/** Whole instances; a quotient that should be whole is not rounded up for its last bits. */
export function wholeInstances(instances: number): number {
  return Math.ceil(instances - 1e-9);
}
