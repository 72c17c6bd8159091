// The guardrails, in the order in which they correct a size. Bounds come last: whatever the others
// did, what is asked of AWS lies within them.

import { cooldown } from './cooldown.ts';
import type { Guardrail } from './guardrail.ts';
import { removalMode } from './removal-mode.ts';
import { sizeBounds } from './size-bounds.ts';
import { stabilization } from './stabilization.ts';
import { staleSignals } from './stale-signals.ts';
import { unwritableJournal } from './unwritable-journal.ts';
import { warmUp } from './warm-up.ts';

export const guardrails: readonly Guardrail[] = [
  staleSignals,
  unwritableJournal,
  warmUp,
  stabilization,
  cooldown,
  removalMode,
  sizeBounds,
];
