// What an instance can read about itself (EC2 user guide, "Instance metadata categories"): the
// tree of paths and their texts. Tokens and HTTP are metadata-service.ts.

import { formatUtcSeconds } from '../../cloud/calendar.ts';
import type { Instance } from '../../cloud/instance.ts';
import { isMachineGone } from '../../cloud/instance.ts';
import { findInstanceType } from '../../cloud/instance-types.ts';
import type { World } from '../../cloud/world.ts';

/** Returns every path below `/latest/` with its text; what an instance has not got is not there. */
export function metadataOf(
  world: World,
  instance: Instance,
  sign: (document: string) => string,
): ReadonlyMap<string, string> {
  const { source } = instance;
  const hostname = `ip-${instance.privateIp.replaceAll('.', '-')}.ec2.internal`;
  const document = identityDocument(world, instance);
  const entries: [string, string | undefined][] = [
    ['dynamic/instance-identity/document', document],
    ['dynamic/instance-identity/signature', sign(document)],
    ['meta-data/ami-id', source.imageId],
    ['meta-data/autoscaling/target-lifecycle-state', targetLifecycleState(world, instance)],
    ['meta-data/hostname', hostname],
    ['meta-data/instance-id', instance.id],
    ['meta-data/events/recommendations/rebalance', rebalanceNotice(instance)],
    ['meta-data/instance-life-cycle', source.market],
    ['meta-data/instance-type', source.instanceType],
    ['meta-data/local-hostname', hostname],
    ['meta-data/local-ipv4', instance.privateIp],
    ['meta-data/placement/availability-zone', instance.zone],
    ['meta-data/placement/region', world.options.region],
    ['meta-data/spot/instance-action', spotAction(instance)],
    ['meta-data/spot/termination-time', spotTerminationTime(instance)],
  ];
  if (source.exposesTags) {
    for (const [key, value] of Object.entries(instance.tags)) {
      entries.push([`meta-data/tags/instance/${key}`, value]);
    }
  }
  return new Map(
    entries.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])),
  );
}

/** Returns the names below a directory, as the service lists them: directories end in a slash. */
export function listDirectory(
  paths: Iterable<string>,
  directory: string,
): readonly string[] | undefined {
  const prefix = directory === '' ? '' : `${directory.replace(/\/+$/u, '')}/`;
  const names = new Set<string>();
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue;
    const [name = '', ...below] = path.slice(prefix.length).split('/');
    // Keys of tags may hold slashes; they are leaves all the same.
    const isLeaf = below.length === 0 || prefix === 'meta-data/tags/instance/';
    names.add(isLeaf ? path.slice(prefix.length) : `${name}/`);
  }
  return names.size === 0 ? undefined : [...names].toSorted();
}

/**
 * Returns where Auto Scaling wants the instance (user guide, "Retrieve the target lifecycle state
 * through instance metadata").
 */
function targetLifecycleState(world: World, instance: Instance): string | undefined {
  const { lifecycle } = instance;
  if (lifecycle.startsWith('Warmed:Terminat')) return 'Warmed:Terminated';
  if (lifecycle.startsWith('Warmed:Pending')) {
    const group = world.groups.get(instance.groupName ?? '');
    return `Warmed:${group?.warmPool?.state ?? 'Stopped'}`;
  }
  if (lifecycle.startsWith('Pending')) return 'InService';
  if (lifecycle.startsWith('Terminat') || isMachineGone(instance)) return 'Terminated';
  if (lifecycle === 'EnteringStandby') return 'Standby';
  if (lifecycle === 'Detaching') return 'Detached';
  return lifecycle;
}

/** Absent, so 404, until there is one (EC2 user guide, "EC2 instance rebalance recommendations"). */
function rebalanceNotice({ spot }: Instance): string | undefined {
  if (spot.recommendedAt === undefined) return undefined;
  return JSON.stringify({ noticeTime: formatUtcSeconds(spot.recommendedAt) });
}

/** Absent until the two minutes' notice (EC2 user guide, "Spot Instance interruption notices"). */
function spotAction(instance: Instance): string | undefined {
  const time = spotTerminationTime(instance);
  return time === undefined ? undefined : JSON.stringify({ action: 'terminate', time });
}

function spotTerminationTime({ spot }: Instance): string | undefined {
  return spot.interruptedAt === undefined ? undefined : formatUtcSeconds(spot.interruptedAt);
}

function identityDocument(world: World, instance: Instance): string {
  const { source } = instance;
  const { region, accountId } = world.options;
  const document = {
    accountId,
    architecture: findInstanceType(source.instanceType)?.architecture ?? 'x86_64',
    availabilityZone: instance.zone,
    billingProducts: null,
    devpayProductCodes: null,
    marketplaceProductCodes: null,
    imageId: source.imageId,
    instanceId: instance.id,
    instanceType: source.instanceType,
    kernelId: null,
    pendingTime: formatUtcSeconds(instance.requestedAt),
    privateIp: instance.privateIp,
    ramdiskId: null,
    region,
    version: '2017-09-30',
  };
  return JSON.stringify(document, null, 2);
}
