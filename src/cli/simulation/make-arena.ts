// The conditions of a simulation that the command line sets: what an instance can do, how long it
// boots, what it costs.

import { standardArena } from '../../simulation/arena.ts';
import type { Arena } from '../../simulation/arena.ts';
import { prepareWorkload } from '../../simulation/workload.ts';
import { StartError } from '../start-error.ts';
import type { ArenaOptions } from './options.ts';
import type { NamedLoad } from './read-load.ts';

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

const bootMsMax = 3_600_000;

/** The protocol's faults and drains, with these boots and within these bounds. */
export function makeArena({ name, load }: NamedLoad, options: ArenaOptions, bounds: Bounds): Arena {
  const { capacity, warmup } = options;
  const boot = readBoot(options);
  const reading = prepareWorkload(load, {
    ...(capacity !== undefined && { capacityPerInstance: capacity }),
    ...(warmup !== undefined && { warmupSeconds: Math.ceil(warmup / 1000) }),
  });
  if (reading.kind === 'refused') throw new StartError(`${name}: ${reading.message}`, 2);
  return {
    ...standardArena,
    minInstances: bounds.min,
    maxInstances: bounds.max,
    boot,
    workload: reading.workload,
  };
}

/** Fixed, in whole seconds, one at least. */
export function readBoot({ boot }: ArenaOptions): Arena['boot'] {
  if (boot > bootMsMax) throw new StartError('--boot is too long; allowed: up to 1h', 2);
  return { kind: 'fixed', seconds: Math.max(1, Math.round(boot / 1000)) };
}

export function priceOf(instanceSeconds: number, pricePerHour: number): number {
  return (instanceSeconds / 3600) * pricePerHour;
}
