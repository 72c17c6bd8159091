// Ratios as percents, where somebody else's contract asks for them.

/** More digits than any measurement has, and fewer than a multiplication by 100 spoils. */
const significantDigits = 12;

/** 0–100; 0.29 is 29, not 28.999999999999996. */
export function toPercent(ratio: number): number {
  const percent = Number((ratio * 100).toPrecision(significantDigits));
  return Math.min(100, Math.max(0, percent));
}
