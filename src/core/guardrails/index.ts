// The guardrails, in the order in which they correct a size. All but the last only ever hold a change
// back; bounds come last: whatever the others did, what is asked of AWS lies within them.

import { budget } from './budget.ts';
import { coexistence } from './coexistence.ts';
import { cooldown } from './cooldown.ts';
import { freeze } from './freeze.ts';
import type { Guardrail } from './guardrail.ts';
import { launchFailures } from './launch-failures.ts';
import { minimumHealthy } from './minimum-healthy.ts';
import { rate } from './rate.ts';
import { removalMode } from './removal-mode.ts';
import { sizeBounds } from './size-bounds.ts';
import { stabilization } from './stabilization.ts';
import { staleSignals } from './stale-signals.ts';
import { unwritableJournal } from './unwritable-journal.ts';
import { veto } from './veto.ts';
import { warmUp } from './warm-up.ts';

export const guardrails: readonly Guardrail[] = [
  veto,
  staleSignals,
  unwritableJournal,
  warmUp,
  stabilization,
  cooldown,
  rate,
  budget,
  freeze,
  minimumHealthy,
  coexistence,
  launchFailures,
  removalMode,
  sizeBounds,
];
