// `foretide asg show | set`: an Auto Scaling group looked at and sized by hand, straight at AWS.

import { DeployError } from '../../deploy/deploy-error.ts';
import { seeGroup, sizeGroup, type SeenGroup, type Sizes } from '../../deploy/group-by-hand.ts';
import { openSession, type SessionOptions } from '../../deploy/session.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface AsgOptions extends SessionOptions {
  readonly json?: boolean;
}

export async function show(name: string, options: AsgOptions): Promise<void> {
  await telling(options, async () => {
    const { settings } = await openSession(options);
    return await seeGroup(settings, name);
  });
}

export async function set(name: string, options: AsgOptions & Sizes): Promise<void> {
  const { desired, max, min } = options;
  if (min === undefined && max === undefined && desired === undefined) {
    throw new StartError('nothing to set: give --min, --max or --desired', 2);
  }
  await telling(options, async () => {
    const { settings } = await openSession(options);
    return await sizeGroup(settings, name, {
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
      ...(desired !== undefined && { desired }),
    });
  });
}

async function telling({ json }: AsgOptions, look: () => Promise<SeenGroup>): Promise<void> {
  try {
    const group = await look();
    process.stdout.write(json === true ? `${JSON.stringify(group)}\n` : describe(group));
  } catch (error) {
    throw error instanceof DeployError ? new StartError(error.message, 1) : error;
  }
}

function describe(group: SeenGroup): string {
  const instances = group.instances.map((one) => [
    one.id,
    one.lifecycleState,
    one.health,
    one.zone,
    one.instanceType,
    one.isProtected ? 'protected' : '',
  ]);
  const head = ['instance', 'state', 'health', 'zone', 'type', ''];
  const { desired, max, min, name, suspended } = group;
  const lines = [
    `${name}: ${desired} desired, ${min} to ${max} allowed`,
    ...(suspended.length === 0 ? [] : [`suspended: ${suspended.join(', ')}`]),
    formatTable([head, ...instances]),
    ...group.activities.map(
      (one) => `${one.startedAt.slice(0, 19)} ${one.status}: ${one.description}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
