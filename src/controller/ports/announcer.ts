// Who is told of decisions beside the journal and the broker: what is told is for people and programs
// outside, and nothing waits for it.

import type { Actuation, Decision } from '../../core/decision.ts';

export interface Announcer {
  /** A decision that changes the size, before it is carried out; `summary` is one sentence. */
  decided(decision: Decision, summary: string): void;
  /** What came of it. */
  concluded(decision: Decision, actuation: Actuation): void;
}
