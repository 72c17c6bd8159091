// What the commands that simulate may be told, apart from the engine: the command line is read before
// any of it is loaded.

/** The first of each is the default. */
export const withinRules = ['mean', 'poisson', 'none'] as const;
export const valueKinds = ['rate', 'count'] as const;
export const gapRules = ['refuse', 'hold', 'zero'] as const;
/** `fluid` is the faster; `event` runs the controller's loop over the model of AWS. */
export const engines = ['fluid', 'event'] as const;
export type Engine = (typeof engines)[number];
export const forecastSteps = ['5m', '1m'] as const;
export const noises = ['none', 'poisson'] as const;

/** USD of an m6i.large on demand in us-east-1: somewhere to start from, no statement about yours. */
export const defaultPricePerHour = 0.096;

export interface LoadOptions {
  /** Path of a CSV, an export of CloudWatch or Prometheus, or a store with a journal. */
  readonly trace?: string;
  /** Which series of it, where it has several. */
  readonly series?: string;
  /** Which group of a config, and of a journal. */
  readonly group?: string;
  readonly generator?: string;
  readonly within: (typeof withinRules)[number];
  readonly value: (typeof valueKinds)[number];
  readonly gaps: (typeof gapRules)[number];
  /** How long a generated load lasts, in milliseconds. */
  readonly duration: number;
  /** Its level, in work per second. */
  readonly level: number;
  /** Whether each of its seconds is a Poisson count. */
  readonly noise: (typeof noises)[number];
  readonly seed: number;
}

export interface ArenaOptions {
  /** In milliseconds. */
  readonly boot: number;
  /** Work per second of an instance; left out, a tenth of the scored mean. */
  readonly capacity?: number;
  /** USD of an instance for an hour. */
  readonly price: number;
  /** Run and not scored, in milliseconds; left out, 7 days or a tenth of a shorter trace. */
  readonly warmup?: number;
}
