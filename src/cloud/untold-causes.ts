// Sentences on why a group's size is about to change, kept until an activity tells them.

import type { Group } from './group.ts';

/** A bound on memory for callers that change their mind faster than anything is launched. */
const UNTOLD_CAUSES_MAX = 10;

/** The oldest of too many is dropped. */
export function tellLater(group: Group, sentence: string): void {
  if (group.untoldCauses.length >= UNTOLD_CAUSES_MAX) group.untoldCauses.shift();
  group.untoldCauses.push(sentence);
}
