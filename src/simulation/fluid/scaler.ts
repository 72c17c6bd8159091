// What a scaling rule sees each second, and what it answers. The engine owns the observation and
// reuses it: a rule reads it during the call and keeps nothing of it.

/** One second as a rule sees it: the group as it is, and monitoring as late as it comes. */
export interface Observation {
  /** Epoch seconds. */
  readonly nowSeconds: number;
  /** What the rule asked for last, after the bounds. */
  readonly desired: number;
  readonly pending: number;
  readonly inService: number;
  /** In service and past the group's warm-up. */
  readonly warmed: number;
  readonly draining: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** True in the seconds in which a sample becomes visible; the fields below are its. */
  readonly hasSample: boolean;
  /** Epoch seconds at which the newest visible sample's period ended; NaN before the first. */
  readonly sampleEndSeconds: number;
  /** Length of a sample's period. */
  readonly samplePeriodSeconds: number;
  /** Mean work per second over the period, of the whole group. */
  readonly load: number;
  /** Mean instances in service over the period. */
  readonly meanInstances: number;
  /** Mean work per second and instance in service; NaN where none was. */
  readonly loadPerInstance: number;
  /** Queues only: messages waiting, and messages being worked on, at the sample's end. */
  readonly visibleMessages: number;
  readonly messagesInFlight: number;
}

/**
 * An incremental rule: takes in a second, answers the wanted size. It must be a finite number; a
 * fraction is rounded up, and the group's bounds are applied by the engine.
 */
export type Scaler = (observation: Observation) => number;

/** The engine's side of an observation. */
export type WritableObservation = { -readonly [Key in keyof Observation]: Observation[Key] };

export function createObservation(bounds: {
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly samplePeriodSeconds: number;
}): WritableObservation {
  return {
    ...bounds,
    nowSeconds: 0,
    desired: 0,
    pending: 0,
    inService: 0,
    warmed: 0,
    draining: 0,
    hasSample: false,
    sampleEndSeconds: Number.NaN,
    load: Number.NaN,
    meanInstances: Number.NaN,
    loadPerInstance: Number.NaN,
    visibleMessages: 0,
    messagesInFlight: 0,
  };
}
