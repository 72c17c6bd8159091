// `foretide check`: reads a config as `start` would, and asks AWS about each group in it.

import { createAwsScalingTarget } from '../../aws/scaling-target.ts';
import type { GroupConfig } from '../../config/config.ts';
import { tighterBounds } from '../../core/guardrails/size-bounds.ts';
import type { DescribeOutcome } from '../../controller/ports/scaling-target.ts';
import { findUnsizable } from '../../controller/unsizable.ts';
import { readConfigFile } from '../config-file.ts';
import { StartError } from '../start-error.ts';

export interface CheckOptions {
  readonly offline?: boolean;
  readonly json?: boolean;
}

interface Finding {
  readonly group: string;
  readonly isFatal: boolean;
  readonly message: string;
}

/** Prints what was found; fails with exit code 2 for a bad file, 1 for a group that cannot be run. */
export async function check(path: string, options: CheckOptions): Promise<void> {
  const config = readConfigFile(path);
  const findings = options.offline === true ? [] : await askAws(config.groups);
  const isGood = !findings.some(({ isFatal }) => isFatal);
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ ok: isGood, findings })}\n`);
  } else {
    for (const { group, message } of findings) process.stdout.write(`${group}: ${message}\n`);
    const groups = config.groups.length === 1 ? '1 group' : `${config.groups.length} groups`;
    if (isGood) process.stdout.write(`${path}: good, ${groups}\n`);
  }
  if (!isGood) throw new StartError(`${path}: not every group in it can be run`, 1);
}

async function askAws(groups: readonly GroupConfig[]): Promise<readonly Finding[]> {
  const target = createAwsScalingTarget({ now: Date.now });
  const outcomes = await target.describe(groups.map((group) => group.target));
  target.close();
  return groups.flatMap((group, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : judge(group, outcome);
  });
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
