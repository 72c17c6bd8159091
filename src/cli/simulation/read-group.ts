// Which group of a configuration is simulated, and whether it can be.

import type { Config, GroupConfig } from '../../config/config.ts';
import { findUnsimulated } from '../../simulation/load-signals.ts';
import { warmupMsMax } from '../../simulation/simulate-group.ts';
import { readConfigFile } from '../config-file.ts';
import { StartError } from '../start-error.ts';

/** The named group, or the only one there is. */
export function readGroup(path: string, name: string | undefined): GroupConfig {
  return chooseGroup(readConfigFile(path), path, name);
}

/** The same of a config that is read already; `path` is what errors call it. */
export function chooseGroup(
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
  const { group } = chosen;
  const unsimulated = findUnsimulated(group);
  if (unsimulated !== null) throw new StartError(`${path}: ${unsimulated}`, 2);
  if (group.warmupMs > warmupMsMax) {
    const warmup = `a warm-up of ${group.warmupMs / 60_000} min`;
    throw new StartError(
      `${path}: group ${group.name} has ${warmup}; a simulation takes 1h at most`,
      2,
    );
  }
  return chosen;
}

/** What is different from production, in the words of the config; null if nothing is. */
export function describeMode({ group }: GroupConfig): string | null {
  if (group.mode === 'active' || group.mode === 'scale-out-only') return null;
  return `the mode of ${group.name} is ${group.mode}: simulated as active, or it would stand still`;
}
