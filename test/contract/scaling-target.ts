// What every scaling target does, whatever stands behind it: Auto Scaling by its protocol, or the
// cloud model in a simulation. Each adapter's test calls `checkScalingTarget` with its own fixture.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type {
  DescribeOutcome,
  PutWarmPoolRequest,
  ScalingTarget,
  TargetAddress,
  TargetDescription,
  TargetInstance,
} from '../../src/controller/ports/scaling-target.ts';
import type {
  ScalingActivities,
  ScalingActivity,
} from '../../src/controller/ports/scaling-activities.ts';
import type { CallOutcome } from '../../src/core/decision.ts';
import type { EpochMs } from '../../src/core/time.ts';

export interface GroupSpec {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /** The group's own cooldown, which AWS honors when asked to. */
  readonly defaultCooldownMs: number;
}

export interface ScalingTargetFixture {
  readonly target: ScalingTarget;
  readonly activities: ScalingActivities;
  /** The clock that `describedAt` is read from. */
  readonly now: () => EpochMs;
  /** How to reach the group of this name, which may not be there. */
  addressOf(name: string): TargetAddress;
  createGroup(spec: GroupSpec): Promise<void>;
  /** Lets this much of the cloud's time pass. */
  passTime(durationMs: number): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any launch or termination of a cloud under test takes. */
const settledAfterMs = 10 * 60_000;
/** How often an eventual state is looked for within that time. */
const looksMax = 60;

/** `launchFailureRatio`: how many of the launches AWS refuses for lack of capacity. */
export type OpenFixture = (launchFailureRatio: number) => Promise<ScalingTargetFixture>;

/** Registers the tests for one kind of target; each test opens a fixture of its own. */
export function checkScalingTarget(kind: string, open: OpenFixture): void {
  describe(`a scaling target over ${kind}`, () => {
    let fixture: ScalingTargetFixture;

    beforeEach(async () => {
      fixture = await open(0);
    });

    afterEach(async () => {
      await fixture.close();
    });

    checkDescribing(() => fixture);
    checkSetting(() => fixture);
    checkCancelling(() => fixture);
    checkRefusals(() => fixture);
    checkWarmPools(() => fixture);
    checkActivities(() => fixture);

    it('lists launches that failed, with the reason', async () => {
      await fixture.close();
      fixture = await open(1);
      await fixture.createGroup({ ...web, min: 0, desired: 1 });
      await fixture.passTime(60_000);
      const [newest] = await listActivities(fixture, 'web');
      expect(newest).toMatchObject({
        kind: 'launch',
        status: 'failed',
        startedAt: expect.any(Number),
        endedAt: expect.any(Number),
        failure: expect.stringMatching(/capacity/),
      });
    });
  });
}

const web: GroupSpec = { name: 'web', min: 1, max: 9, desired: 2, defaultCooldownMs: 300_000 };

function checkDescribing(fixture: () => ScalingTargetFixture): void {
  it('describes bounds and size of a group', async () => {
    await fixture().createGroup(web);
    expect(await describeOne(fixture(), 'web')).toMatchObject({
      kind: 'described',
      description: { min: 1, max: 9, desired: 2, desiredCapacityType: 'units', isWeighted: false },
    });
  });

  it('says when the description was asked for', async () => {
    await fixture().createGroup(web);
    const before = fixture().now();
    const { describedAt } = await describeGroup(fixture(), 'web');
    expect(describedAt).toBeGreaterThanOrEqual(before);
    expect(describedAt).toBeLessThanOrEqual(fixture().now());
  });

  it('tells a missing group from a failure', async () => {
    expect(await describeOne(fixture(), 'nobody')).toEqual({ kind: 'missing' });
  });

  it('answers in the order asked, each address as often as it was asked', async () => {
    await fixture().createGroup(web);
    await fixture().createGroup({ ...web, name: 'api', desired: 3 });
    const names = ['api', 'nobody', 'web', 'api'];
    const outcomes = await fixture().target.describe(names.map(fixture().addressOf));
    expect(outcomes.map(desiredOf)).toEqual([3, null, 2, 3]);
  });

  it('describes more groups than go into one request', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `group-${index}`);
    const present = names.filter((_, index) => index % 10 === 3);
    for (const name of present) {
      await fixture().createGroup({ ...web, name, min: 0, desired: 0 });
    }
    const outcomes = await fixture().target.describe(names.map(fixture().addressOf));
    expect(outcomes.map(desiredOf)).toEqual(
      names.map((name) => (present.includes(name) ? 0 : null)),
    );
  });

  it('has nothing to say about no group', async () => {
    expect(await fixture().target.describe([])).toEqual([]);
  });

  it('shows instances being launched, then in service', async () => {
    await fixture().createGroup(web);
    const instances = await waitForInstances(fixture(), 'web', (all) =>
      all.every(({ phase }) => phase === 'in-service'),
    );
    expect(instances).toHaveLength(2);
    expect(instances).toEqual(instances.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
    for (const instance of instances) {
      expect(instance).toMatchObject({
        id: expect.stringMatching(/^i-/),
        lifecycleState: 'InService',
        zone: expect.stringMatching(/.+/),
        instanceType: expect.stringMatching(/.+/),
        isHealthy: true,
        isProtectedFromScaleIn: false,
      });
    }
  });
}

function checkSetting(fixture: () => ScalingTargetFixture): void {
  it('shows an accepted size at once, and its instances after a while', async () => {
    await fixture().createGroup(web);
    expect(await setDesired(fixture(), 'web', 4)).toEqual({ kind: 'accepted' });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(4);
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 4));
  });

  it('shows an accepted smaller size at once, and fewer instances after a while', async () => {
    await fixture().createGroup({ ...web, desired: 3 });
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 3));
    expect(await setDesired(fixture(), 'web', 1)).toEqual({ kind: 'accepted' });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(1);
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 1));
  });

  it('takes the size that the group has already', async () => {
    await fixture().createGroup(web);
    const { kind } = await setDesired(fixture(), 'web', 2);
    expect(['accepted', 'unchanged']).toContain(kind);
  });

  it('takes the bounds themselves', async () => {
    await fixture().createGroup(web);
    expect(await setDesired(fixture(), 'web', 9)).toEqual({ kind: 'accepted' });
    expect(await setDesired(fixture(), 'web', 1)).toEqual({ kind: 'accepted' });
  });
}

function checkCancelling(fixture: () => ScalingTargetFixture): void {
  /** A group with two in service and two launches on their way. */
  async function launchTwoMore(): Promise<readonly string[]> {
    await fixture().createGroup({ ...web, min: 2 });
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 2));
    expect(await setDesired(fixture(), 'web', 4)).toEqual({ kind: 'accepted' });
    const all = await waitForInstances(fixture(), 'web', (seen) => seen.length === 4);
    return all.filter(({ phase }) => phase === 'pending').map(({ id }) => id);
  }

  async function cancelLaunch(instance: string): Promise<CallOutcome> {
    const address = fixture().addressOf('web');
    return await fixture().target.cancelLaunch({ address, instance });
  }

  it('cancels a launch by its id: the size falls by one, and the others are left alone', async () => {
    const [first = '', second = ''] = await launchTwoMore();
    expect(await cancelLaunch(first)).toEqual({ kind: 'accepted' });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(3);
    const left = await waitForInstances(fixture(), 'web', (all) => isSettled(all, 3));
    const staying = left.filter(({ phase }) => phase === 'in-service').map(({ id }) => id);
    expect(staying).toContain(second);
    expect(staying).not.toContain(first);
  });

  it('refuses to cancel the same launch again, and lowers nothing twice', async () => {
    const [first = ''] = await launchTwoMore();
    expect(await cancelLaunch(first)).toEqual({ kind: 'accepted' });
    expect(await cancelLaunch(first)).toMatchObject({ kind: 'refused' });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(3);
  });

  it('refuses to cancel an instance that is not there', async () => {
    await fixture().createGroup(web);
    expect(await cancelLaunch('i-0123456789abcdef0')).toMatchObject({
      kind: 'refused',
      code: 'failed',
    });
  });

  it('refuses to go below the minimum as out of bounds', async () => {
    await fixture().createGroup({ ...web, min: 2 });
    const [one] = await waitForInstances(fixture(), 'web', (all) => all.length === 2);
    expect(await cancelLaunch(one?.id ?? '')).toMatchObject({
      kind: 'refused',
      code: 'out-of-bounds',
    });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(2);
  });
}

function checkRefusals(fixture: () => ScalingTargetFixture): void {
  it.each([
    { where: 'above the maximum', desired: 10 },
    { where: 'below the minimum', desired: 0 },
  ])('refuses a size $where as out of bounds, and leaves the group alone', async ({ desired }) => {
    await fixture().createGroup(web);
    expect(await setDesired(fixture(), 'web', desired)).toMatchObject({
      kind: 'refused',
      code: 'out-of-bounds',
      message: expect.stringContaining(String(desired)),
    });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(2);
  });

  it('refuses during the group’s cooldown only when asked to honor it', async () => {
    await fixture().createGroup(web);
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 2));
    // Whatever cooldown the first launches started is over.
    await fixture().passTime(web.defaultCooldownMs);
    expect(await setDesired(fixture(), 'web', 3, true)).toEqual({ kind: 'accepted' });
    // The cooldown begins when the launch has ended.
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 3));
    expect(await setDesired(fixture(), 'web', 4, true)).toMatchObject({
      kind: 'refused',
      code: 'in-progress',
    });
    expect((await describeGroup(fixture(), 'web')).desired).toBe(3);
    expect(await setDesired(fixture(), 'web', 4)).toEqual({ kind: 'accepted' });
  });

  it('refuses to set a group that is not there', async () => {
    expect(await setDesired(fixture(), 'nobody', 3)).toMatchObject({
      kind: 'refused',
      code: 'failed',
    });
  });
}

function checkWarmPools(fixture: () => ScalingTargetFixture): void {
  const stopped = { state: 'stopped', minSize: 0, reusesOnScaleIn: false } as const;
  const put = async (request: Omit<PutWarmPoolRequest, 'address'>) =>
    await fixture().target.putWarmPool({ address: fixture().addressOf('web'), ...request });
  const look = async (): Promise<TargetDescription> => {
    const address = { ...fixture().addressOf('web'), withWarmPool: true };
    const [outcome] = await fixture().target.describe([address]);
    if (outcome?.kind !== 'described') throw new Error(`not described: ${outcome?.kind}`);
    return outcome.description;
  };
  const waitFor = async (isReached: (all: readonly TargetInstance[]) => boolean) => {
    for (let tries = 0; tries < looksMax; tries += 1) {
      const description = await look();
      if (isReached(description.instances)) return description;
      await fixture().passTime(settledAfterMs / looksMax);
    }
    throw new Error('not reached');
  };
  const countIn = (all: readonly TargetInstance[], state: string): number =>
    all.filter(({ lifecycleState }) => lifecycleState === state).length;

  it('says that a group has no warm pool, and nothing of pools where it is not asked', async () => {
    await fixture().createGroup(web);
    expect((await look()).warmPool).toEqual({ kind: 'described', pool: null });
    expect((await describeGroup(fixture(), 'web')).warmPool).toBeUndefined();
  });

  it('makes a warm pool, whose instances are listed apart from those in service', async () => {
    await fixture().createGroup(web);
    expect(await put({ ...stopped, minSize: 1, prepared: 5 })).toEqual({ kind: 'accepted' });
    const description = await waitFor((all) => countIn(all, 'Warmed:Stopped') === 3);
    expect(description.warmPool).toEqual({
      kind: 'described',
      pool: { ...stopped, minSize: 1, prepared: 5, isBeingDeleted: false },
    });
    expect(description.desired).toBe(2);
    const phases = description.instances.map(({ phase }) => phase);
    expect(phases.filter((phase) => phase === 'warm-pool')).toHaveLength(3);
    const { instances } = await describeGroup(fixture(), 'web');
    expect(instances.every(({ phase }) => phase !== 'warm-pool')).toBe(true);
  });

  it('changes a warm pool whole, and starts from it before anything cold', async () => {
    await fixture().createGroup(web);
    await put({ ...stopped, prepared: 4 });
    await waitFor((all) => countIn(all, 'Warmed:Stopped') === 2 && countIn(all, 'InService') === 2);
    const waiting = (await look()).instances.filter(({ phase }) => phase === 'warm-pool');
    await setDesired(fixture(), 'web', 4);
    const { instances } = await waitFor((all) => countIn(all, 'InService') === 4);
    const serving = instances.filter(({ phase }) => phase === 'in-service').map(({ id }) => id);
    expect(serving).toEqual(expect.arrayContaining(waiting.map(({ id }) => id)));
    await put({ state: 'running', minSize: 1, prepared: 3, reusesOnScaleIn: true });
    expect((await look()).warmPool).toEqual({
      kind: 'described',
      pool: {
        state: 'running',
        minSize: 1,
        prepared: 3,
        reusesOnScaleIn: true,
        isBeingDeleted: false,
      },
    });
    await waitFor((all) => countIn(all, 'Warmed:Running') === 1);
  });

  it('refuses a warm pool for a group that is not there', async () => {
    const address = fixture().addressOf('nobody');
    const request = { address, ...stopped, prepared: 4 };
    expect(await fixture().target.putWarmPool(request)).toMatchObject({
      kind: 'refused',
      code: 'failed',
    });
  });
}

function checkActivities(fixture: () => ScalingTargetFixture): void {
  it('lists what a group did, newest first, and why', async () => {
    await fixture().createGroup({ ...web, desired: 1 });
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 1));
    await setDesired(fixture(), 'web', 2);
    await waitForInstances(fixture(), 'web', (all) => isSettled(all, 2));
    const [newest, oldest, ...others] = await listActivities(fixture(), 'web');
    expect(others).toEqual([]);
    for (const activity of [newest, oldest]) {
      expect(activity).toMatchObject({ kind: 'launch', status: 'successful', failure: null });
    }
    expect(newest?.startedAt).toBeGreaterThan(oldest?.startedAt ?? 0);
    expect(newest?.endedAt).toBeGreaterThan(newest?.startedAt ?? 0);
    expect(newest?.cause).toMatch(
      /user request explicitly set group desired capacity changing the desired capacity from 1 to 2/,
    );
  });

  it('lists nothing of a group that is not there', async () => {
    const address = fixture().addressOf('nobody');
    expect(await fixture().activities.listActivities(address)).toEqual({ kind: 'missing' });
  });
}

async function listActivities(
  { activities, addressOf }: ScalingTargetFixture,
  name: string,
): Promise<readonly ScalingActivity[]> {
  const outcome = await activities.listActivities(addressOf(name));
  if (outcome.kind !== 'listed') throw new Error(`not listed: ${JSON.stringify(outcome)}`);
  return outcome.activities;
}

async function setDesired(
  fixture: ScalingTargetFixture,
  name: string,
  desired: number,
  honorCooldown = false,
): Promise<CallOutcome> {
  const address = fixture.addressOf(name);
  return await fixture.target.setDesired({ address, desired, honorCooldown });
}

async function describeOne(fixture: ScalingTargetFixture, name: string): Promise<DescribeOutcome> {
  const [outcome] = await fixture.target.describe([fixture.addressOf(name)]);
  if (outcome === undefined) throw new Error('no outcome for an address');
  return outcome;
}

async function describeGroup(
  fixture: ScalingTargetFixture,
  name: string,
): Promise<TargetDescription> {
  const outcome = await describeOne(fixture, name);
  if (outcome.kind !== 'described') throw new Error(`not described: ${JSON.stringify(outcome)}`);
  return outcome.description;
}

function desiredOf(outcome: DescribeOutcome): number | null {
  return outcome.kind === 'described' ? outcome.description.desired : null;
}

/** Instances on their way out may be listed for as long as the cloud remembers them. */
function isSettled(instances: readonly TargetInstance[], size: number): boolean {
  const staying = instances.filter(({ phase }) => phase !== 'terminating');
  return staying.length === size && staying.every(({ phase }) => phase === 'in-service');
}

/** Ends as soon as there are instances and they are as they should be. */
async function waitForInstances(
  fixture: ScalingTargetFixture,
  name: string,
  isReached: (instances: readonly TargetInstance[]) => boolean,
): Promise<readonly TargetInstance[]> {
  let instances: readonly TargetInstance[] = [];
  for (let look = 0; look < looksMax; look += 1) {
    ({ instances } = await describeGroup(fixture, name));
    if (instances.length > 0 && isReached(instances)) return instances;
    await fixture.passTime(settledAfterMs / looksMax);
  }
  throw new Error(`not reached in ${settledAfterMs} ms: ${JSON.stringify(instances)}`);
}
