// Asks AWS for a group's warm pool: how it is kept, and who waits in it, which the description of the
// group itself leaves out.

import {
  DescribeWarmPoolCommand,
  type Instance,
  type WarmPoolConfiguration,
} from '@aws-sdk/client-auto-scaling';

import type {
  DescribeOutcome,
  TargetInstance,
  WarmPoolOutcome,
} from '../controller/ports/scaling-target.ts';
import type { WarmPool } from '../core/warm-pool/warm-pool.ts';
import type { AutoScalingConnection } from './auto-scaling-clients.ts';
import { callAws } from './call.ts';
import { readInstance } from './group-description.ts';
import type { AwsLimits } from './limits.ts';

/** Instances of one request: AWS's own maximum. */
const recordsMax = 50;

export interface DescribedPool {
  readonly group: string;
  readonly outcome: WarmPoolOutcome;
  readonly instances: readonly TargetInstance[];
}

/** Never rejects. A group that is not there has no pool: its own description says the rest. */
export async function describeWarmPool(
  group: string,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<DescribedPool> {
  const instances: TargetInstance[] = [];
  let token: string | undefined;
  for (let page = 0; page < limits.pagesMax; page += 1) {
    const answer = await callAws({
      gate: connection.describeGate,
      turnTimeoutMs: limits.turnTimeoutMs,
      deadlineMs: limits.callDeadlineMs,
      send: async (abortSignal) => {
        const command = new DescribeWarmPoolCommand({
          AutoScalingGroupName: group,
          MaxRecords: recordsMax,
          ...(token !== undefined && { NextToken: token }),
        });
        return await connection.client.send(command, { abortSignal });
      },
    });
    if (!answer.ok) return failed(group, answer.failure.message);
    const { Instances = [], NextToken = '', WarmPoolConfiguration } = answer.value;
    instances.push(...Instances.flatMap((one: Partial<Instance>) => readInstance(one)));
    if (NextToken === '') {
      const pool = readPool(WarmPoolConfiguration);
      return { group, outcome: { kind: 'described', pool }, instances };
    }
    token = NextToken;
  }
  return failed(group, `more than ${limits.pagesMax} pages`);
}

function failed(group: string, message: string): DescribedPool {
  const outcome = { kind: 'failed', message: `DescribeWarmPool: ${message}` } as const;
  return { group, outcome, instances: [] };
}

const poolStates = { Stopped: 'stopped', Hibernated: 'hibernated', Running: 'running' } as const;

function readPool(pool: WarmPoolConfiguration | undefined): WarmPool | null {
  if (pool === undefined) return null;
  const { MaxGroupPreparedCapacity: prepared = -1 } = pool;
  return {
    state: poolStates[pool.PoolState ?? 'Stopped'],
    minSize: pool.MinSize ?? 0,
    prepared: prepared < 0 ? null : prepared,
    reusesOnScaleIn: pool.InstanceReusePolicy?.ReuseOnScaleIn ?? false,
    isBeingDeleted: pool.Status === 'PendingDelete',
  };
}

/** The descriptions with the pools in them. An instance in both is where the group says it is. */
export function addWarmPool(
  described: ReadonlyMap<string, DescribeOutcome>,
  pools: readonly DescribedPool[],
): ReadonlyMap<string, DescribeOutcome> {
  const all = new Map(described);
  for (const { group, outcome, instances } of pools) {
    const known = described.get(group);
    if (known?.kind !== 'described') continue;
    const { description } = known;
    const present = new Set(description.instances.map(({ id }) => id));
    const waiting = instances.filter(({ id }) => !present.has(id));
    const together = [...description.instances, ...waiting].toSorted((one, other) =>
      one.id < other.id ? -1 : 1,
    );
    all.set(group, {
      kind: 'described',
      description: { ...description, instances: together, warmPool: outcome },
    });
  }
  return all;
}
