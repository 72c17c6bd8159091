// How searches for groups by their tags are written.

import { z } from 'zod';

import { mapping, matching, optional, required } from './scalars.ts';
import { regionPattern, rolePattern } from './source-schema.ts';

const searchesMax = 20;
/** What AWS takes as filters of one call. */
const tagsMax = 10;
const searchesAllowed = `a list of 1 to ${searchesMax} mappings with tags`;
const tagsAllowed = `a mapping of 1 to ${tagsMax} tags and their values, * for any value`;

const tags = z
  .record(
    z.string().max(128, { error: 'a tag of up to 128 characters' }),
    matching(/^.{0,256}$/, 'a value in quotes, up to 256 characters, * for any').optional(),
    { error: tagsAllowed },
  )
  .refine((value) => Object.keys(value).length >= 1 && Object.keys(value).length <= tagsMax, {
    error: tagsAllowed,
  });

const search = mapping({
  tags: required(tags, {
    description: 'The tags that a group must have, all of them; `*` takes any value.',
    examples: ["{ 'foretide:scaled': 'true' }"],
  }),
  region: optional(matching(regionPattern, 'a region such as eu-west-1'), {
    description: 'Where to look. Left out: that of defaults, AWS_REGION or the profile.',
    examples: ['eu-west-1'],
  }),
  role: optional(
    matching(rolePattern, 'the ARN of a role, such as arn:aws:iam::123456789012:role/foretide'),
    {
      description: 'The role to look and scale as. Left out: that of defaults, or none.',
      examples: ['arn:aws:iam::123456789012:role/foretide'],
    },
  ),
});

export const discover = z
  .array(search, { error: searchesAllowed })
  .min(1, { error: searchesAllowed })
  .max(searchesMax, { error: searchesAllowed });
