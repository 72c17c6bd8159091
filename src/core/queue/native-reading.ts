// What is known of an AWS target-tracking policy that is in charge of a group's size, and is given its
// target by Foretide.

/** Why a target that should be another is left as it is: the group's mode, a pause, a direction. */
export type NativeHold = 'mode' | 'paused' | 'scale-out-only';

export interface NativeReading {
  /** Of AWS's policy when it was last read or renewed; null before. > 0. */
  readonly target: number | null;
  /** Why the target cannot be renewed, or nothing be published; null if nothing is wrong. */
  readonly problem: string | null;
  /** Null: what is worth renewing is renewed. */
  readonly held: NativeHold | null;
}
