// CreateOrUpdateTags, DescribeTags and DeleteTags.

import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { createOrUpdateTags, deleteTags } from '../../cloud/tags.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { integer, list, operation, required, structure, text } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import { tagOutputs } from './group-output.ts';
import { withoutValue } from './instance-operations.ts';
import type { Operations } from '../operations.ts';
import type { TagInput } from './tag-input.ts';
import { readTag, tagMember } from './tag-input.ts';

type Output = Readonly<Record<string, unknown>>;

export function createTagOperations(world: World): Operations {
  return {
    CreateOrUpdateTags: operation({ Tags: list(tagMember) }, (input) => {
      const fault = resourceFault(input.Tags);
      if (fault !== undefined) return fault;
      const tags = input.Tags.map((tag) => ({
        groupName: tag.ResourceId ?? '',
        tag: readTag(tag),
      }));
      return withoutValue(createOrUpdateTags(world, tags));
    }),
    DeleteTags: operation({ Tags: list(tagMember) }, (input) => {
      const fault = resourceFault(input.Tags);
      if (fault !== undefined) return fault;
      const tags = input.Tags.map((tag) => ({ groupName: tag.ResourceId ?? '', key: tag.Key }));
      return withoutValue(deleteTags(world, tags));
    }),
    DescribeTags: operation(describeShape, (input) => describeTags(world, input)),
  };
}

/** Page size of the API reference: 50 by default, at most 100. */
const PAGE_DEFAULT = 50;

const describeShape = {
  Filters: list(structure({ Name: required(text(), ''), Values: list(required(text(), '')) })),
  MaxRecords: integer({ min: 1, max: 100 }),
  NextToken: text(),
} as const;

function describeTags(world: World, input: Parsed<typeof describeShape>): Outcome<Output> {
  const entries = [...world.groups.values()].flatMap((group) =>
    tagOutputs(group).map((output) => ({
      output,
      key: `${group.name}\u0000${output.Key}`,
    })),
  );
  const shown = entries.filter(({ output }) =>
    input.Filters.every(({ Name, Values }) => {
      const member = FILTERED_MEMBERS.get(Name);
      return member !== undefined && Values.includes(String(output[member]));
    }),
  );
  const page = takePage(
    sortByKey(shown, ({ key }) => key),
    ({ key }) => key,
    { size: input.MaxRecords ?? PAGE_DEFAULT, token: input.NextToken },
  );
  if (!page.ok) return page;
  return succeed({
    Tags: page.value.items.map(({ output }) => output),
    NextToken: page.value.nextToken,
  });
}

/** The filters of the API reference, by the member that each looks at. */
const FILTERED_MEMBERS: ReadonlyMap<string, 'ResourceId' | 'Key' | 'Value' | 'PropagateAtLaunch'> =
  new Map([
    ['auto-scaling-group', 'ResourceId'],
    ['key', 'Key'],
    ['value', 'Value'],
    ['propagate-at-launch', 'PropagateAtLaunch'],
  ]);

/** Only groups have tags here, as in AWS. */
function resourceFault(tags: readonly TagInput[]): Outcome<never> | undefined {
  for (const { ResourceId: id, ResourceType: type } of tags) {
    if (id === undefined) return refuse('ValidationError', 'ResourceId is required for every tag.');
    if (type !== undefined && type !== 'auto-scaling-group') {
      return refuse('ValidationError', `The type of resource ${type} cannot have tags.`);
    }
  }
  return undefined;
}
