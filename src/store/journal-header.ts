// Under which versions a stretch of the journal was written: a replay is exact only under these.

import type { EpochMs } from '../core/time.ts';

export interface WriterVersions {
  readonly foretideVersion: string;
  /** As `process.version` has it, with its `v`. */
  readonly nodeVersion: string;
  /** Of the group state inside snapshots: `stateVersion` of the core. */
  readonly stateVersion: number;
}

/** The entries of one group that one set of versions wrote: the first's time and the last's. */
export interface JournalHeader extends WriterVersions {
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly entries: number;
}
