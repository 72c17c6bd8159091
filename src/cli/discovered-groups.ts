// Which groups a file means by its searches, of those that AWS listed: each name and each Auto Scaling
// group once, and what is to be said of the others. Asks nobody.

import type { Config, GroupConfig, GroupSearch } from '../config/config.ts';
import { resolveDiscovered, type FoundGroup } from '../config/resolve-discovered.ts';

/** What each search found, in the order of the searches. */
export interface SearchResult {
  readonly search: GroupSearch;
  readonly found: readonly FoundGroup[];
}

/** What is to be said of an Auto Scaling group that was found. */
export interface FoundRemark {
  readonly autoScalingGroup: string;
  /** The subject of a sentence. */
  readonly about: string;
  /** What is wrong, or was not understood and so ignored; null: nothing. */
  readonly sentence: string | null;
  /** It does not run. */
  readonly isLeftAlone: boolean;
}

export interface DiscoveredGroups {
  readonly groups: readonly GroupConfig[];
  readonly remarks: readonly FoundRemark[];
}

/**
 * The file's own groups come first, then those of the first search. A group of `running` whose tags
 * are wrong now goes on as it was.
 */
export function resolveSearches(
  { discover, groups: own }: Pick<Config, 'discover' | 'groups'>,
  results: readonly SearchResult[],
  running: readonly GroupConfig[],
): DiscoveredGroups {
  const groups: GroupConfig[] = [];
  const remarks: FoundRemark[] = [];
  if (discover === null) return { groups, remarks };
  const names = new Set(own.map(({ group }) => group.name));
  const targets = new Set(own.map(targetKey));
  const before = new Map(running.map((one) => [targetKey(one), one]));
  for (const { search, found } of results.flatMap(eachFound)) {
    const { autoScalingGroup } = found;
    const { region, roleArn } = search;
    const key = targetKey({ target: { autoScalingGroup, region, roleArn } });
    if (targets.has(key)) continue;
    targets.add(key);
    const about = `the Auto Scaling group ${autoScalingGroup}${region === null ? '' : ` in ${region}`}`;
    const of = { autoScalingGroup, about };
    if (names.has(autoScalingGroup)) {
      const sentence = 'is left alone: another group has its name';
      remarks.push({ ...of, sentence, isLeftAlone: true });
      continue;
    }
    names.add(autoScalingGroup);
    const { config, remarks: mistakes } = resolveDiscovered(discover, search, found);
    const kept = config ?? before.get(key);
    const ending = config === null ? `; it ${kept ? 'goes on as before' : 'is left alone'}` : '';
    const sentence = mistakes.length === 0 ? null : `${mistakes.join('; ')}${ending}`;
    remarks.push({ ...of, sentence, isLeftAlone: kept === undefined });
    if (kept !== undefined) groups.push(kept);
  }
  return { groups, remarks };
}

/** `scaled=yes, team=* in eu-west-1`. */
export function describeSearch({ tags, region }: GroupSearch): string {
  const wanted = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`);
  return `${wanted.join(', ')}${region === null ? '' : ` in ${region}`}`;
}

function eachFound({ search, found }: SearchResult) {
  return found.map((one) => ({ search, found: one }));
}

function targetKey({ target }: Pick<GroupConfig, 'target'>): string {
  const account = target.roleArn?.split(':')[4] ?? null;
  return JSON.stringify([target.autoScalingGroup, target.region, account]);
}
