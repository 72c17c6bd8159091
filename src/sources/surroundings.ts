// What every source is made with.

import type { EpochMs } from '../core/time.ts';

export interface SourceSurroundings {
  readonly now: () => EpochMs;
}
