// What the API asks of whoever reads configs: the one that runs, and what is wrong with another. It
// can change neither.

export interface ConfigDesk {
  /** As the controller uses it, in milliseconds and ratios, without hashes, logins and paths of keys. */
  running(): RunningConfig;
  check(yaml: string): ConfigCheck;
}

export interface RunningConfig {
  readonly groups: readonly object[];
  readonly loadTopics: readonly object[];
  readonly [section: string]: unknown;
}

export type ConfigCheck =
  | {
      readonly isValid: true;
      /** The names of its groups. */
      readonly groups: readonly string[];
    }
  | { readonly isValid: false; readonly mistakes: readonly ConfigMistake[] };

export interface ConfigMistake {
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** For example `groups[0].min`; empty for the text as a whole. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
}
