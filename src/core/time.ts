// The units of time in the core. The core never reads a clock: `now` is an argument.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;
