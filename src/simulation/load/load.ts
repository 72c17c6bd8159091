// What a load is: demand by the second, and the spans in which monitoring does not see it.

/** A span in which samples are lost (`missing`) or arrive as 0 (`zero`). Demand goes on. */
export interface TelemetryGap {
  /** Seconds after the start of the load, first inside and first outside. */
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly seenAs: 'missing' | 'zero';
}

/** Demand by the second, open-loop: what users ask for, served or not. */
export interface Load {
  /** Epoch seconds of the first value. Ten-second blocks and hours of the day count from 0. */
  readonly startSeconds: number;
  /** Work units that arrive in each second: requests, busy vCPU, jobs × seconds. */
  readonly workPerSecond: Float64Array;
  /** Sorted, without overlap. */
  readonly telemetryGaps: readonly TelemetryGap[];
}
