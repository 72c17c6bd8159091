// Groups of AWS by their tags: for those who name tags instead of groups.

import type { TargetAddress } from './scaling-target.ts';

/** Which tags, where, and as whom. */
export interface TagSearch extends Pick<TargetAddress, 'region' | 'roleArn'> {
  /** All of these; the value * is any. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface TaggedGroup {
  readonly autoScalingGroup: string;
  readonly min: number;
  readonly max: number;
  readonly tags: Readonly<Record<string, string>>;
}

export type TaggedGroups =
  /** By name. Groups that are being deleted are not among them. */
  | { readonly kind: 'listed'; readonly groups: readonly TaggedGroup[] }
  /** All or nothing: a list that lacks a page would give groups up. */
  | { readonly kind: 'failed'; readonly message: string };

export interface GroupListing {
  /** Never rejects. */
  listTagged(search: TagSearch): Promise<TaggedGroups>;
}
