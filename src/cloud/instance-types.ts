// A small table of EC2 instance types: size, memory, price. Prices are On-Demand Linux in
// us-east-1 in US dollars an hour, as published in 2026.

export interface InstanceType {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly hourlyUsd: number;
  readonly architecture: 'x86_64' | 'arm64';
  readonly isBurstable: boolean;
  readonly manufacturer: 'intel' | 'amd' | 'amazon-web-services';
  /** False for families that AWS lists as of a previous generation. */
  readonly isCurrentGeneration: boolean;
}

/** Name, virtual CPUs, memory in MiB, US dollars an hour. */
const TABLE: readonly (readonly [string, number, number, number])[] = [
  ['c5.2xlarge', 8, 16_384, 0.34],
  ['c5.large', 2, 4096, 0.085],
  ['c5.xlarge', 4, 8192, 0.17],
  ['c6a.large', 2, 4096, 0.0765],
  ['c6i.large', 2, 4096, 0.085],
  ['c6i.xlarge', 4, 8192, 0.17],
  ['c7g.large', 2, 4096, 0.0725],
  ['g5.xlarge', 4, 16_384, 1.006],
  ['m1.small', 1, 1740, 0.044],
  ['m5.2xlarge', 8, 32_768, 0.384],
  ['m5.large', 2, 8192, 0.096],
  ['m5.xlarge', 4, 16_384, 0.192],
  ['m5a.large', 2, 8192, 0.086],
  ['m6a.large', 2, 8192, 0.0864],
  ['m6i.large', 2, 8192, 0.096],
  ['m6i.xlarge', 4, 16_384, 0.192],
  ['m7g.large', 2, 8192, 0.0816],
  ['r5.large', 2, 16_384, 0.126],
  ['r6i.large', 2, 16_384, 0.126],
  ['t2.micro', 1, 1024, 0.0116],
  ['t3.large', 2, 8192, 0.0832],
  ['t3.medium', 2, 4096, 0.0416],
  ['t3.micro', 2, 1024, 0.0104],
  ['t3.nano', 2, 512, 0.0052],
  ['t3.small', 2, 2048, 0.0208],
  ['t3a.medium', 2, 4096, 0.0376],
  ['t4g.medium', 2, 4096, 0.0336],
];

export const INSTANCE_TYPES: readonly InstanceType[] = TABLE.map(
  ([name, vcpus, memoryMib, hourlyUsd]) => ({
    name,
    vcpus,
    memoryMib,
    hourlyUsd,
    // Graviton families have a g after their generation, AMD's an a.
    architecture: /^[a-z]+\d+g/u.test(name) ? 'arm64' : 'x86_64',
    isBurstable: name.startsWith('t'),
    manufacturer: manufacturerOf(name),
    isCurrentGeneration: !name.startsWith('m1.'),
  }),
);

function manufacturerOf(name: string): InstanceType['manufacturer'] {
  if (/^[a-z]+\d+g/u.test(name)) return 'amazon-web-services';
  return /^[a-z]+\d+a/u.test(name) ? 'amd' : 'intel';
}

/** Returns the type by name, or `undefined` for one that is not in the table. */
export function findInstanceType(name: string): InstanceType | undefined {
  return INSTANCE_TYPES.find((candidate) => candidate.name === name);
}
