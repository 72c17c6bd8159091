// Which group of a configuration is simulated, and whether it can be.

import type { Config, GroupConfig } from '../../config/config.ts';
import type { Group } from '../../core/group.ts';
import type { BacklogPolicy, Policy } from '../../core/policies/policy.ts';
import { findUnsimulated } from '../../simulation/load-signals.ts';
import { warmupMsMax } from '../../simulation/simulate-group.ts';
import { readConfigFile } from '../config-file.ts';
import { StartError } from '../start-error.ts';

const queuePolicies: readonly Policy['type'][] = ['backlog', 'schedule', 'fixed'];

/** The named group, or the only one there is; one that serves load. */
export function readGroup(path: string, name: string | undefined): GroupConfig {
  return chooseGroup(readConfigFile(path), path, name);
}

/** The same of a config that is read already; `path` is what errors call it. */
export function chooseGroup(
  config: Pick<Config, 'groups'>,
  path: string,
  name: string | undefined,
): GroupConfig {
  const chosen = findGroup(config, path, name);
  if (findBacklog(chosen.group) !== null) {
    const line = `${path}: group ${chosen.group.name} works off a queue; allowed here: one that serves load`;
    throw new StartError(`${line} (foretide simulate and compare take both)`, 2);
  }
  expectLoad(path, chosen);
  return chosen;
}

/** A group of either kind, and its backlog policy if it works off a queue. */
export function readAnyGroup(
  path: string,
  name: string | undefined,
): { readonly config: GroupConfig; readonly backlog: BacklogPolicy | null } {
  const config = findGroup(readConfigFile(path), path, name);
  const backlog = findBacklog(config.group);
  if (backlog === null) expectLoad(path, config);
  else expectQueue(path, config);
  return { config, backlog };
}

function findBacklog({ policies }: Group): BacklogPolicy | null {
  return policies.find((policy) => policy.type === 'backlog') ?? null;
}

function findGroup(
  { groups }: Pick<Config, 'groups'>,
  path: string,
  name: string | undefined,
): GroupConfig {
  const known = groups.map(({ group }) => group.name).join(', ');
  const found =
    name === undefined ? groups.slice(0, 2) : groups.filter(({ group }) => group.name === name);
  const [chosen] = found;
  if (groups.length === 0) {
    throw new StartError(`${path}: discover alone; allowed here: a file with groups`, 2);
  }
  if (chosen === undefined) {
    throw new StartError(`${path}: no group '${name ?? ''}'; allowed: ${known}`, 2);
  }
  if (found.length > 1) {
    const line = `${path}: ${groups.length} groups and no --group; allowed: --group with one of ${known}`;
    throw new StartError(line, 2);
  }
  return chosen;
}

function expectLoad(path: string, { group }: GroupConfig): void {
  const unsimulated = findUnsimulated(group);
  if (unsimulated !== null) throw new StartError(`${path}: ${unsimulated}`, 2);
  if (group.warmupMs > warmupMsMax) {
    const warmup = `a warm-up of ${group.warmupMs / 60_000} min`;
    throw new StartError(
      `${path}: group ${group.name} has ${warmup}; a simulation takes 1h at most`,
      2,
    );
  }
}

/** Of a queue nothing is known but its messages: what else a policy looks at is not there. */
function expectQueue(path: string, { group }: GroupConfig): void {
  if (findBacklog(group)?.mode === 'setter') {
    const found = `group ${group.name} leaves its size to a policy of AWS`;
    const allowed = 'mode: promise or recipe (compare has the rule of AWS beside it)';
    throw new StartError(`${path}: ${found}; a simulation takes ${allowed}`, 2);
  }
  const other = group.policies.find(({ type }) => !queuePolicies.includes(type));
  if (other === undefined) return;
  const line = `${path}: group ${group.name} has the ${other.type} policy ${other.name}`;
  const allowed = queuePolicies.join(', ');
  throw new StartError(`${line}; on a queue a simulation takes ${allowed}`, 2);
}

/** What is different from production, in the words of the config; null if nothing is. */
export function describeMode({ group }: GroupConfig): string | null {
  if (group.mode === 'active' || group.mode === 'scale-out-only') return null;
  return `the mode of ${group.name} is ${group.mode}: simulated as active, or it would stand still`;
}
