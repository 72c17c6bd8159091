// `foretide init`: writes a first config from an Auto Scaling group as it is today.

import { existsSync, writeFileSync } from 'node:fs';
import type { AutoScalingGroup } from '@aws-sdk/client-auto-scaling';
import { listGroups, readSetup } from '../../aws/read-setup.ts';
import { formatConfigError } from '../../config/config-error.ts';
import { loadConfig } from '../../config/load-config.ts';
import { describeError } from '../describe-error.ts';
import { writeFirstConfig } from '../init/write-first-config.ts';
import { StartError } from '../start-error.ts';

export interface InitOptions {
  readonly config: string;
  readonly group?: string;
  readonly force?: boolean;
}

/** Writes the file, and says what to do next. Never over another one, but with `force`. */
export async function init({ config: path, group: name, force }: InitOptions): Promise<void> {
  if (force !== true && existsSync(path)) {
    throw new StartError(`${path} is there already; --force writes over it`, 2);
  }
  const groups = await ask(() => listGroups(name === undefined ? [] : [name]));
  const group = choose(groups, name);
  const setup = await ask(() => readSetup(group));
  const text = writeFirstConfig(setup, new Date());
  const outcome = loadConfig(text, path);
  if (!outcome.ok) {
    const lines = outcome.errors.map(formatConfigError).join('\n');
    throw new StartError(`nothing was written, for the config would not be good:\n${lines}`, 1);
  }
  try {
    writeFileSync(path, text, { flag: force === true ? 'w' : 'wx' });
  } catch (error) {
    throw new StartError(`${path} cannot be written: ${describeError(error)}`, 1);
  }
  process.stdout.write(`${path} written; read it, then: foretide check ${path}\n`);
}

function choose(groups: readonly AutoScalingGroup[], name: string | undefined): AutoScalingGroup {
  const [first, ...others] = groups;
  if (first === undefined) {
    const found = name === undefined ? 'no Auto Scaling group' : `no Auto Scaling group ${name}`;
    throw new StartError(`AWS knows ${found} in this account and region`, 2);
  }
  if (others.length === 0) return first;
  const names = groups.flatMap(({ AutoScalingGroupName }) => AutoScalingGroupName ?? []).toSorted();
  throw new StartError(`--group says which: ${names.join(', ')}`, 2);
}

async function ask<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    throw new StartError(`AWS did not answer: ${describeError(error)}`, 1);
  }
}
