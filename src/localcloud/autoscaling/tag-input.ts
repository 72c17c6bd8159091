// Tags of groups as callers write them.

import type { GroupTag } from '../../cloud/group.ts';
import type { Parsed } from '../input-shape.ts';
import { flag, required, structure, text } from '../input-shape.ts';

const tagMembers = {
  ResourceId: text(),
  ResourceType: text(),
  Key: required(text({ min: 1, max: 128 }), ''),
  Value: text({ max: 256 }),
  PropagateAtLaunch: flag(),
} as const;

export const tagMember = structure(tagMembers);

export type TagInput = Parsed<typeof tagMembers>;

export function readTag(input: TagInput): GroupTag {
  return {
    key: input.Key,
    value: input.Value ?? '',
    propagatesAtLaunch: input.PropagateAtLaunch ?? false,
  };
}
