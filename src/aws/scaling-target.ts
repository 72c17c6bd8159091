// The scaling target over Amazon EC2 Auto Scaling. Puts together clients, descriptions and changes;
// what AWS's errors mean is in `errors.ts`.

import type {
  CancelLaunchRequest,
  DescribeOutcome,
  PutWarmPoolRequest,
  ScalingTarget,
  SetDesiredRequest,
  TargetAddress,
} from '../controller/ports/scaling-target.ts';
import type { GroupListing } from '../controller/ports/tagged-groups.ts';
import type { ScalingActivities } from '../controller/ports/scaling-activities.ts';
import type { CallOutcome } from '../core/decision.ts';
import type { EpochMs } from '../core/time.ts';
import { clientKey, createAutoScalingClients } from './auto-scaling-clients.ts';
import type { AwsConnection } from './client-settings.ts';
import { describeBatch, namesPerRequestMax } from './describe-groups.ts';
import { createDescriptionCache } from './description-cache.ts';
import { defaultAwsLimits, type AwsLimits } from './limits.ts';
import { listActivities } from './list-activities.ts';
import { listTaggedGroups } from './list-tagged-groups.ts';
import { cancelLaunch, putWarmPool, setDesired } from './change-size.ts';
import { addWarmPool, describeWarmPool } from './describe-warm-pool.ts';

export interface AwsScalingTargetOptions {
  readonly now: () => EpochMs;
  /** Default: all from the SDK's standard chain (environment, profile, instance role). */
  readonly connection?: AwsConnection;
  readonly limits?: Partial<AwsLimits>;
}

export interface AwsScalingTarget extends ScalingTarget, ScalingActivities, GroupListing {
  /** Lets go of idle connections. The target is not to be used afterwards. */
  close(): void;
}

export function createAwsScalingTarget(options: AwsScalingTargetOptions): AwsScalingTarget {
  const limits: AwsLimits = { ...defaultAwsLimits, ...options.limits };
  const clients = createAutoScalingClients(options.connection ?? {}, limits);
  const { now } = options;

  function fetch(addresses: readonly TargetAddress[]): readonly Promise<DescribeOutcome>[] {
    const outcomes = new Map<TargetAddress, Promise<DescribeOutcome>>();
    for (const sameClient of Map.groupBy(addresses, clientKey).values()) {
      for (const batch of splitIntoBatches(sameClient)) {
        const connection = clients.get(batch[0]);
        const names = batch.map(({ autoScalingGroup }) => autoScalingGroup);
        const pools = batch.flatMap(({ autoScalingGroup, withWarmPool }) =>
          withWarmPool === true ? [describeWarmPool(autoScalingGroup, connection, limits)] : [],
        );
        // Pools first: an instance that leaves one meanwhile is then in both answers, not in neither.
        const described = Promise.all(pools).then(async (found) =>
          addWarmPool(await describeBatch(names, { connection, limits, now }), found),
        );
        for (const address of batch) outcomes.set(address, pick(described, address));
      }
    }
    return addresses.flatMap((address) => outcomes.get(address) ?? []);
  }

  const cache = createDescriptionCache({ now, freshMs: limits.descriptionFreshMs, fetch });

  /** Before and after: a description fetched meanwhile may show either size. */
  async function change(
    address: TargetAddress,
    call: () => Promise<CallOutcome>,
  ): Promise<CallOutcome> {
    cache.forget(address);
    const outcome = await call();
    cache.forget(address);
    return outcome;
  }

  return {
    describe: async (addresses) => await cache.describe(addresses),
    setDesired: async (request: SetDesiredRequest) =>
      await change(request.address, () =>
        setDesired(request, clients.get(request.address), limits),
      ),
    cancelLaunch: async (request: CancelLaunchRequest) =>
      await change(request.address, () =>
        cancelLaunch(request, clients.get(request.address), limits),
      ),
    putWarmPool: async (request: PutWarmPoolRequest) =>
      await change(request.address, () =>
        putWarmPool(request, clients.get(request.address), limits),
      ),
    listActivities: async (address) =>
      await listActivities(address.autoScalingGroup, clients.get(address), limits),
    listTagged: async ({ tags, region, roleArn }) =>
      // A client is of a region and a role; the group is not known yet.
      await listTaggedGroups(tags, clients.get({ autoScalingGroup: '', region, roleArn }), limits),
    close: () => clients.close(),
  };
}

async function pick(
  described: Promise<ReadonlyMap<string, DescribeOutcome>>,
  address: TargetAddress,
): Promise<DescribeOutcome> {
  return (await described).get(address.autoScalingGroup) ?? { kind: 'missing' };
}

type Batch = readonly [TargetAddress, ...TargetAddress[]];

function splitIntoBatches(addresses: readonly TargetAddress[]): readonly Batch[] {
  const batches: Batch[] = [];
  for (let start = 0; start < addresses.length; start += namesPerRequestMax) {
    const [first, ...others] = addresses.slice(start, start + namesPerRequestMax);
    if (first !== undefined) batches.push([first, ...others]);
  }
  return batches;
}
