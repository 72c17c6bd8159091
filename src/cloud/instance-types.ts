// A small table of EC2 instance types: size, memory, price. Prices are On-Demand Linux in
// us-east-1 in US dollars an hour, as published in 2026.

export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly hourlyUsd: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly isBurstable: boolean;
}

/** Name, virtual CPUs, memory in MiB, US dollars an hour. */
const TABLE: readonly (readonly [string, number, number, number])[] = [
  ['c5.large', 2, 4096, 0.085],
  ['c5.xlarge', 4, 8192, 0.17],
  ['g5.xlarge', 4, 16_384, 1.006],
  ['m1.small', 1, 1740, 0.044],
  ['m5.large', 2, 8192, 0.096],
  ['m5.xlarge', 4, 16_384, 0.192],
  ['m7g.large', 2, 8192, 0.0816],
  ['r5.large', 2, 16_384, 0.126],
  ['t2.micro', 1, 1024, 0.0116],
  ['t3.large', 2, 8192, 0.0832],
  ['t3.medium', 2, 4096, 0.0416],
  ['t3.micro', 2, 1024, 0.0104],
  ['t3.nano', 2, 512, 0.0052],
  ['t3.small', 2, 2048, 0.0208],
];

export const INSTANCE_TYPES: readonly InstanceType[] = TABLE.map(
  ([name, vcpus, memoryMib, hourlyUsd]) => ({
    name,
    vcpus,
    memoryMib,
    hourlyUsd,
    // Graviton families have a g after their generation.
    architecture: /^[a-z]+\d+g/u.test(name) ? 'arm64' : 'x86_64',
    isBurstable: name.startsWith('t'),
  }),
);

/** Returns the type by name, or `undefined` for one that is not in the table. */
export function findInstanceType(name: string): InstanceType | undefined {
  return INSTANCE_TYPES.find((candidate) => candidate.name === name);
}
