// How long the journal is kept, and how much of it. Pure; both stores follow it.

export interface JournalLimits {
  readonly keptMs: number;
  /** The rows' contents, and for each an estimate of what SQLite adds. */
  readonly bytesMax: number;
}

const dayMs = 86_400_000;
/** 7 days or 2 GiB, whichever comes first. */
export const journalLimits: JournalLimits = {
  keptMs: 7 * dayMs,
  bytesMax: 2 * 1024 * 1024 * 1024,
};
