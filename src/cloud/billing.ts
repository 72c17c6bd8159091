// What instances cost: per second from `running`, 60 seconds at least for each start. Stopped and
// pending machines are free (EC2 pricing pages; volumes are not modelled). Spot instances cost what
// their pool's price was at their launch.

import { SECOND_MS } from './calendar.ts';
import type { Instance } from './instance.ts';
import type { LaunchSource } from './launch-source.ts';
import { onDemandHourlyUsd } from './mixed/spot-market.ts';
import type { Model } from './model.ts';
import type { EpochMs } from './time.ts';

/** What runs that have ended came to, for one group and instance type. */
export interface MeteredUse {
  readonly groupName: string;
  readonly instanceType: string;
  /** `undefined` On-Demand, whose price is looked up when the bill is made. */
  readonly spotHourlyUsd: number | undefined;
  billedSeconds: number;
  startCount: number;
}

export interface Bill {
  readonly billedSeconds: number;
  readonly usd: number;
}

/** "Billed per second, with a minimum of 60 seconds": EC2 On-Demand pricing. */
export const MINIMUM_BILLED_SECONDS = 60;

const HOUR_SECONDS = 3600;

/** Returns the seconds charged for one run: begun seconds count whole. */
export function billedSecondsOf(startedAt: EpochMs, endedAt: EpochMs): number {
  return Math.max(MINIMUM_BILLED_SECONDS, Math.ceil((endedAt - startedAt) / SECOND_MS));
}

export function startMeter(model: Model, instance: Instance): void {
  instance.billedSince = model.now;
}

/** Ends the run, if one was metered. */
export function stopMeter(model: Model, instance: Instance): void {
  const startedAt = instance.billedSince;
  if (startedAt === undefined) return;
  instance.billedSince = undefined;
  addUse(model, instance, billedSecondsOf(startedAt, model.now));
}

/** Charges a launch that ended before it ran, where the options ask for that. */
export function meterCancelledLaunch(model: Model, instance: Instance): void {
  if (model.options.chargesCancelledLaunches) addUse(model, instance, MINIMUM_BILLED_SECONDS);
}

/** Returns the bill up to now of one group, or of all; runs under way count as if they ended now. */
export function billOf(model: Model, groupName?: string): Bill {
  let billedSeconds = 0;
  let usd = 0;
  const add = (source: Priced, seconds: number): void => {
    billedSeconds += seconds;
    usd += (seconds / HOUR_SECONDS) * hourlyUsd(model, source);
  };
  for (const use of model.meteredUse.values()) {
    if (groupName === undefined || use.groupName === groupName) {
      add(use, use.billedSeconds);
    }
  }
  for (const instance of billedInstances(model, groupName)) {
    const seconds = billedSecondsOf(instance.billedSince, model.now);
    add(instance.source, seconds);
  }
  return { billedSeconds, usd };
}

type Priced = Pick<LaunchSource, 'instanceType' | 'spotHourlyUsd'>;

/** Returns the Spot price, or the On-Demand price; 0 for a type that nobody knows. */
function hourlyUsd(model: Model, { instanceType, spotHourlyUsd }: Priced): number {
  return spotHourlyUsd ?? onDemandHourlyUsd(model, instanceType);
}

function* billedInstances(
  model: Model,
  groupName: string | undefined,
): Generator<Instance & { billedSince: EpochMs }> {
  for (const instance of model.instances.values()) {
    if (groupName !== undefined && instance.groupName !== groupName) continue;
    if (isBilled(instance)) yield instance;
  }
}

function isBilled(instance: Instance): instance is Instance & { billedSince: EpochMs } {
  return instance.billedSince !== undefined;
}

function addUse(model: Model, instance: Instance, seconds: number): void {
  const groupName = instance.groupName ?? '';
  const { instanceType, spotHourlyUsd } = instance.source;
  const key = `${groupName}\u0000${instanceType}\u0000${spotHourlyUsd ?? 'on-demand'}`;
  const use = model.meteredUse.get(key);
  if (use === undefined) {
    const started = {
      groupName,
      instanceType,
      spotHourlyUsd,
      billedSeconds: seconds,
      startCount: 1,
    };
    model.meteredUse.set(key, started);
    return;
  }
  use.billedSeconds += seconds;
  use.startCount += 1;
}
