// What cannot be recorded is not removed: scale-in waits until the journal takes entries again.
// Scale-out goes on, because a full disk must not cost requests.

import { stay, type Guardrail } from './guardrail.ts';

export const unwritableJournal: Guardrail = {
  name: 'unwritable-journal',
  lets: 'nobody',
  correct(context, size) {
    if (size >= context.current || context.observation.isJournalWritable) return null;
    return stay(context, { code: 'journal-unwritable' });
  },
};
