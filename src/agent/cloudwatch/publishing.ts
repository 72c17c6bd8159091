// What the agent publishes to CloudWatch when there is no broker: two metrics of the machine that
// CloudWatch lacks, in the words of the configuration module of the agent that this one replaces.

/** Where a metric of the machine is taken from, and what it is called. */
export interface PublishedMetric {
  readonly signal: 'socketsUsed' | 'memoryAvailableBytes';
  readonly name: string;
  /** One of CloudWatch's units. */
  readonly unit: string;
  /** What the signal is divided by: the unit of memory is MB. */
  readonly divisor: number;
}

export interface StaticCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Publishing {
  readonly namespace: string;
  readonly metrics: readonly PublishedMetric[];
  readonly intervalMs: number;
  /** Without any, CloudWatch averages over the fleet, and alarms can scale on it. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Null: from the environment, or from the instance metadata. */
  readonly region: string | null;
  /** The last resort: the role of the instance goes before. */
  readonly credentials: StaticCredentials | null;
}

/** "High resolution … sub-minute": CloudWatch user guide. */
export function storageResolution({ intervalMs }: Publishing): 1 | 60 {
  return intervalMs < 60_000 ? 1 : 60;
}
