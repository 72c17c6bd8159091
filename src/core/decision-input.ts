// All that one decision was made of: what is needed to ask about it afterwards.

import type { Group } from './group.ts';
import type { Observation } from './observation.ts';
import type { GroupState } from './state.ts';
import type { EpochMs } from './time.ts';

export interface DecisionInput {
  readonly group: Group;
  /** The state that `decide` was given. */
  readonly before: GroupState;
  readonly observation: Observation;
  readonly at: EpochMs;
}
