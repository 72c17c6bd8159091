// Makes settings of Auto Scaling groups that were found by their tags: `defaults`, and on top of them
// the few tags that a group may be told by. Looks nothing up.

import { checkShape } from './check-shape.ts';
import type { DiscoverConfig, GroupConfig, GroupSearch } from './config.ts';
import { formatPath, quote, type Problem, type Report } from './config-error.ts';
import type { WrittenFile } from './file-schema.ts';
import { findNearest } from './nearest.ts';
import { resolveGroups } from './resolve-groups.ts';

/** Tags that begin so are meant for Foretide. */
const tagPrefix = 'foretide:';
/**
 * What a group's tags may say. Sizes and how far it may act: whoever tags groups could set those
 * anyway. Neither what it is scaled by nor any address, role or price.
 */
const tagKeys = ['min', 'max', 'mode', 'warmup'] as const;

/** An Auto Scaling group as a listing has it. */
export interface FoundGroup {
  readonly autoScalingGroup: string;
  /** Its own bounds, which hold where neither its tags nor `defaults` say others. */
  readonly min: number;
  readonly max: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DiscoveredGroup {
  /** Null if its tags or its bounds are not as they should be. */
  readonly config: GroupConfig | null;
  /** Sentences about what is wrong, or not understood and so ignored. */
  readonly remarks: readonly string[];
}

/** The searches of a file, with what `defaults` say about where and as whom. Null without any. */
export function resolveDiscover({ discover, defaults }: WrittenFile): DiscoverConfig | null {
  if (discover === undefined) return null;
  const searches = discover.map(
    ({ tags, region, role }): GroupSearch => ({
      tags: Object.fromEntries(
        Object.entries(tags ?? {}).map(([tag, value]) => [tag, value ?? '']),
      ),
      region: region ?? defaults?.region ?? null,
      roleArn: role ?? defaults?.role ?? null,
    }),
  );
  return { searches, defaults: defaults ?? {} };
}

/** A group is called as its Auto Scaling group is. */
export function resolveDiscovered(
  { defaults }: DiscoverConfig,
  search: GroupSearch,
  found: FoundGroup,
): DiscoveredGroup {
  const problems: Problem[] = [];
  const report: Report = (problem) => problems.push(problem);
  const told = readTags(found.tags);
  const { region, roleArn } = search;
  const { written } = checkShape(
    {
      groups: [
        {
          autoScalingGroup: found.autoScalingGroup,
          ...(region !== null && { region }),
          ...(roleArn !== null && { role: roleArn }),
          ...told,
        },
      ],
    },
    report,
  );
  const under = { min: found.min, max: found.max, ...defaults };
  const groups =
    problems.length > 0
      ? []
      : resolveGroups({ defaults: under, groups: written.groups ?? [] }, report);
  return {
    config: problems.length > 0 ? null : (groups[0] ?? null),
    remarks: [...problems.map(describeProblem), ...describeUnknown(search, found)],
  };
}

/** Tags are text: a whole number is taken for one, all else is judged as it stands. */
function readTags(tags: FoundGroup['tags']): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    tagKeys.flatMap((key) => {
      const value = tags[`${tagPrefix}${key}`];
      if (value === undefined) return [];
      return [[key, /^\d{1,9}$/.test(value) ? Number(value) : value]];
    }),
  );
}

function describeProblem({ path, found, allowed }: Problem): string {
  const [, , key] = path;
  const isTag = tagKeys.some((known) => known === key);
  const subject = isTag ? `${tagPrefix}${key}` : formatPath(path.slice(2));
  return `${subject}: found ${found}, allowed: ${allowed}`;
}

function describeUnknown(search: GroupSearch, { tags }: FoundGroup): readonly string[] {
  const known = tagKeys.map((key) => `${tagPrefix}${key}`);
  return Object.keys(tags)
    .filter((tag) => tag.startsWith(tagPrefix) && !known.includes(tag) && !(tag in search.tags))
    .toSorted()
    .map((tag) => {
      const nearest = findNearest(tag, known);
      const hint = nearest === null ? '' : ` (nearest to ${nearest})`;
      return `the tag ${quote(tag)}${hint} is ignored; known: ${known.join(', ')}`;
    });
}
