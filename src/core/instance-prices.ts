// What an instance costs an hour, by its type: On-Demand, Linux, us-east-1, in US dollars, as AWS's
// price list has it in 2026. Other regions, contracts and Spot differ: a group may say its own.

const prices: ReadonlyMap<string, number> = new Map([
  ['c5.large', 0.085],
  ['g5.xlarge', 1.006],
  ['m5.large', 0.096],
  ['m7g.large', 0.0816],
  ['r5.large', 0.126],
  ['t3.medium', 0.0416],
  ['t3.micro', 0.0104],
]);

/** Dollars an hour; null for a type that is not in the table. */
export function findInstancePrice(instanceType: string): number | null {
  return prices.get(instanceType) ?? null;
}
