// The unit of time in the cloud model. The model never reads a clock: every call is told the time.

/** Milliseconds since 1970-01-01T00:00:00Z, in model time. Whole numbers. */
export type EpochMs = number;
