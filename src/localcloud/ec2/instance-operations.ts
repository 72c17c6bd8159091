// DescribeInstances and TerminateInstances.

import { SECOND_MS } from '../../cloud/calendar.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { endMachine } from '../../cloud/health.ts';
import type { Instance, MachineState } from '../../cloud/instance.ts';
import type { World } from '../../cloud/world.ts';
import type { Parsed } from '../input-shape.ts';
import { integer, list, operation, required, structure, text } from '../input-shape.ts';
import { sortByKey, takePage } from '../paging.ts';
import type { Operations } from '../operations.ts';

export function createInstanceOperations(world: World): Operations {
  return {
    DescribeInstances: operation(describeShape, (input) => describeInstances(world, input)),
    TerminateInstances: operation({ InstanceId: list(required(text(), '')) }, (input) =>
      terminateInstances(world, input.InstanceId),
    ),
  };
}

const describeShape = {
  InstanceId: list(required(text(), '')),
  Filter: list(structure({ Name: required(text(), ''), Value: list(required(text(), '')) })),
  MaxResults: integer({ min: 5, max: 1000 }),
  NextToken: text(),
} as const;

const PAGE_DEFAULT = 1000;

/** EC2's numbers for the states of a machine. */
const STATE_CODES: Readonly<Record<MachineState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

function describeInstances(
  world: World,
  input: Parsed<typeof describeShape>,
): Outcome<Readonly<Record<string, unknown>>> {
  const missing = missingIds(world, input.InstanceId);
  if (missing !== undefined) return missing;
  const wanted = new Set(input.InstanceId);
  const found = [...world.instances.values()].filter(
    (instance) =>
      (wanted.size === 0 || wanted.has(instance.id)) &&
      input.Filter.every(({ Name, Value }) =>
        Value.some((value) => matches(instance, Name, value)),
      ),
  );
  const page = takePage(
    sortByKey(found, ({ id }) => id),
    ({ id }) => id,
    {
      size: input.MaxResults ?? PAGE_DEFAULT,
      token: input.NextToken,
    },
  );
  if (!page.ok) return page;
  const { accountId } = world.options;
  return succeed({
    reservationSet: page.value.items.map((instance) => ({
      reservationId: `r-${instance.id.slice(2)}`,
      ownerId: accountId,
      groupSet: [],
      instancesSet: [instanceOutput(instance)],
    })),
    nextToken: page.value.nextToken,
  });
}

/** The filters that callers of an Auto Scaling group use; `*` at the end of a value matches any. */
function matches(instance: Instance, name: string, value: string): boolean {
  const actual = filteredText(instance, name);
  if (actual === undefined) return false;
  return value.endsWith('*') ? actual.startsWith(value.slice(0, -1)) : actual === value;
}

function filteredText(instance: Instance, name: string): string | undefined {
  switch (name) {
    case 'instance-id':
      return instance.id;
    case 'instance-state-name':
      return instance.machine;
    case 'instance-type':
      return instance.source.instanceType;
    case 'instance-lifecycle':
      return instance.source.market === 'spot' ? 'spot' : undefined;
    case 'availability-zone':
      return instance.zone;
    case 'private-ip-address':
      return instance.privateIp;
    default:
      return name.startsWith('tag:') ? instance.tags[name.slice('tag:'.length)] : undefined;
  }
}

function instanceOutput(instance: Instance): Readonly<Record<string, unknown>> {
  const { source, machine } = instance;
  return {
    instanceId: instance.id,
    imageId: source.imageId,
    instanceState: { code: STATE_CODES[machine], name: machine },
    privateDnsName: `ip-${instance.privateIp.replaceAll('.', '-')}.ec2.internal`,
    keyName: source.keyName,
    instanceType: source.instanceType,
    launchTime: instance.requestedAt / SECOND_MS,
    placement: { availabilityZone: instance.zone, tenancy: 'default' },
    monitoring: { state: 'disabled' },
    privateIpAddress: machine === 'terminated' ? undefined : instance.privateIp,
    instanceLifecycle: source.market === 'spot' ? 'spot' : undefined,
    tagSet: Object.entries(instance.tags).map(([key, value]) => ({ key, value })),
  };
}

function terminateInstances(
  world: World,
  ids: readonly string[],
): Outcome<Readonly<Record<string, unknown>>> {
  if (ids.length === 0) {
    return refuse('MissingParameter', 'The request must contain the parameter InstanceId');
  }
  const missing = missingIds(world, ids);
  if (missing !== undefined) return missing;
  const changes = ids.map((id) => {
    const before = world.instances.get(id)?.machine ?? 'terminated';
    endMachine(world, id);
    const after = world.instances.get(id)?.machine ?? 'terminated';
    return {
      instanceId: id,
      currentState: { code: STATE_CODES[after], name: after },
      previousState: { code: STATE_CODES[before], name: before },
    };
  });
  return succeed({ instancesSet: changes });
}

/** All ids must exist, as AWS checks before it does anything. */
function missingIds(world: World, ids: readonly string[]): Outcome<never> | undefined {
  const malformed = ids.find((id) => !/^i-[0-9a-f]{8,17}$/u.test(id));
  if (malformed !== undefined) {
    return refuse('InvalidInstanceID.Malformed', `Invalid id: "${malformed}"`);
  }
  const missing = ids.filter((id) => !world.instances.has(id));
  if (missing.length === 0) return undefined;
  const [noun, verb] = missing.length === 1 ? ['ID', 'does'] : ['IDs', 'do'];
  return refuse(
    'InvalidInstanceID.NotFound',
    `The instance ${noun} '${missing.join(', ')}' ${verb} not exist`,
  );
}
