// The largest size that a file may name.

/** Sizes of groups that no account reaches. */
export const sizeMax = 100_000;
