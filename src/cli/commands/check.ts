// `foretide check`: reads a config as `start` would, and asks AWS about each group in it and for those
// that it finds by their tags.

import { createAwsScalingTarget, type AwsScalingTarget } from '../../aws/scaling-target.ts';
import type { Config, GroupConfig } from '../../config/config.ts';
import { tighterBounds } from '../../core/guardrails/size-bounds.ts';
import type { DescribeOutcome } from '../../controller/ports/scaling-target.ts';
import { findUnsizable } from '../../controller/unsizable.ts';
import { readConfigFile } from '../config-file.ts';
import { describeSearch, resolveSearches, type SearchResult } from '../discovered-groups.ts';
import { StartError } from '../start-error.ts';

export interface CheckOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
}

interface Finding {
  /** Or the search that is spoken of. */
  readonly group: string;
  readonly isFatal: boolean;
  readonly message: string;
}

interface Answer {
  readonly groups: readonly GroupConfig[];
  readonly findings: readonly Finding[];
}

/** Prints what was found; fails with exit code 2 for a bad file, 1 for a group that cannot be run. */
export async function check(path: string, options: CheckOptions): Promise<void> {
  const config = readConfigFile(path);
  const isOffline = options.offline === true;
  const { groups, findings } = isOffline
    ? { groups: config.groups, findings: [] }
    : await askAws(config);
  const isGood = !findings.some(({ isFatal }) => isFatal);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ ok: isGood, findings })}\n`);
  } else {
    for (const { group, message } of findings) process.stdout.write(`${group}: ${message}\n`);
    if (isGood) process.stdout.write(`${path}: good, ${countGroups(config, groups, isOffline)}\n`);
  }
  if (!isGood) throw new StartError(`${path}: not every group in it can be run`, 1);
}

function countGroups(config: Config, groups: readonly GroupConfig[], isOffline: boolean): string {
  const count = groups.length === 1 ? '1 group' : `${groups.length} groups`;
  if (config.discover === null) return count;
  if (isOffline) return `${count}, and those that will be found by their tags`;
  return `${count}, ${groups.length - config.groups.length} of them found by their tags`;
}

async function askAws(config: Config): Promise<Answer> {
  const target = createAwsScalingTarget({ now: Date.now });
  try {
    const found = await search(config, target);
    const groups = [...config.groups, ...found.groups];
    const outcomes = await target.describe(groups.map((group) => group.target));
    const judged = groups.flatMap((group, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : judge(group, outcome);
    });
    return { groups, findings: [...found.findings, ...judged] };
  } finally {
    target.close();
  }
}

/** As the controller would, at its start: nothing runs yet that could go on as before. */
async function search(config: Config, target: AwsScalingTarget): Promise<Answer> {
  const findings: Finding[] = [];
  const results: SearchResult[] = [];
  for (const one of config.discover?.searches ?? []) {
    const group = `discover ${describeSearch(one)}`;
    const outcome = await target.listTagged(one);
    if (outcome.kind === 'failed') {
      findings.push({ group, isFatal: true, message: outcome.message });
      continue;
    }
    results.push({ search: one, found: outcome.groups });
    if (outcome.groups.length > 0) continue;
    findings.push({ group, isFatal: false, message: 'no group has these tags' });
  }
  const { groups, remarks } = resolveSearches(config, results, []);
  for (const { autoScalingGroup, sentence, isLeftAlone } of remarks) {
    if (sentence === null) continue;
    findings.push({ group: autoScalingGroup, isFatal: isLeftAlone, message: sentence });
  }
  return { groups, findings };
}

function judge({ group, target }: GroupConfig, outcome: DescribeOutcome): readonly Finding[] {
  const find = (isFatal: boolean, message: string): readonly Finding[] => [
    { group: group.name, isFatal, message },
  ];
  const name = target.autoScalingGroup;
  if (outcome.kind === 'missing') return find(true, `AWS knows no Auto Scaling group ${name}`);
  if (outcome.kind === 'failed') {
    return find(true, `${name} cannot be described (${outcome.code}): ${outcome.message}`);
  }
  const { description } = outcome;
  const unsizable = findUnsizable(description);
  if (unsizable !== null) return find(true, unsizable);
  const { min, max } = tighterBounds(group, description);
  const { desired } = description;
  return find(false, `${name} has ${desired} desired, and may have ${min} to ${max}`);
}
