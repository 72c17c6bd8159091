// Lifecycle hooks and warm pools.

import assert from 'node:assert/strict';
import type { LifecycleHookSpecification } from '@aws-sdk/client-auto-scaling';
import {
  CompleteLifecycleActionCommand,
  DeleteLifecycleHookCommand,
  DeleteWarmPoolCommand,
  DescribeLifecycleHooksCommand,
  DescribeScalingActivitiesCommand,
  DescribeWarmPoolCommand,
  PutLifecycleHookCommand,
  PutWarmPoolCommand,
  RecordLifecycleActionHeartbeatCommand,
  SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import type { ContractCloud, Scenario } from '../scenario.ts';
import {
  createGroup,
  createGroupInService,
  describeGroup,
  eventually,
  expectRefusal,
  given,
  waitForService,
  waitForState,
} from '../scenario.ts';

const launchHook: LifecycleHookSpecification = {
  LifecycleHookName: 'launch',
  LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  HeartbeatTimeout: 60,
  DefaultResult: 'CONTINUE',
};

/** Creates a group of one with a launch hook and waits until its instance waits at it. */
async function createWaitingInstance(
  cloud: ContractCloud,
  hook: LifecycleHookSpecification,
): Promise<{ readonly name: string; readonly instanceId: string }> {
  const name = await createGroup(cloud, {
    DesiredCapacity: 1,
    LifecycleHookSpecificationList: [hook],
  });
  const instanceId = await eventually(cloud, 'an instance at the hook', async () => {
    const instance = (await describeGroup(cloud, name))?.Instances?.[0];
    return instance?.LifecycleState === 'Pending:Wait' ? instance.InstanceId : undefined;
  });
  return { name, instanceId };
}

async function complete(
  cloud: ContractCloud,
  action: { readonly group: string; readonly hook: string; readonly instanceId: string },
  result: 'CONTINUE' | 'ABANDON',
): Promise<void> {
  await cloud.autoScaling.send(
    new CompleteLifecycleActionCommand({
      AutoScalingGroupName: action.group,
      LifecycleHookName: action.hook,
      InstanceId: action.instanceId,
      LifecycleActionResult: result,
    }),
  );
}

async function warmStates(cloud: ContractCloud, name: string): Promise<readonly string[]> {
  const answer = await cloud.autoScaling.send(
    new DescribeWarmPoolCommand({ AutoScalingGroupName: name }),
  );
  return (answer.Instances ?? []).map(({ LifecycleState }) => given(LifecycleState, 'a state'));
}

export const hookScenarios: readonly Scenario[] = [
  {
    name: 'a hook has the documented defaults',
    source: 'API reference, PutLifecycleHook: 3600 s, ABANDON; GlobalTimeout at most 172800',
    async run(cloud) {
      const name = await createGroup(cloud);
      await cloud.autoScaling.send(
        new PutLifecycleHookCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'launch',
          LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
        }),
      );
      const answer = await cloud.autoScaling.send(
        new DescribeLifecycleHooksCommand({ AutoScalingGroupName: name }),
      );
      const hook = given(answer.LifecycleHooks?.[0], 'the hook');
      assert.equal(hook.HeartbeatTimeout, 3600);
      assert.equal(hook.DefaultResult, 'ABANDON');
      assert.equal(hook.GlobalTimeout, 172_800);
    },
  },
  {
    name: 'an instance waits at a launch hook until it is completed',
    source: 'user guide, "How lifecycle hooks work": Pending:Wait, Pending:Proceed',
    async run(cloud) {
      const { name, instanceId } = await createWaitingInstance(cloud, launchHook);
      await cloud.pass(30_000);
      assert.equal(
        (await describeGroup(cloud, name))?.Instances?.[0]?.LifecycleState,
        'Pending:Wait',
      );
      await complete(cloud, { group: name, hook: 'launch', instanceId }, 'CONTINUE');
      const [instance] = await waitForService(cloud, name, 1);
      assert.equal(instance?.InstanceId, instanceId);
    },
  },
  {
    name: 'a heartbeat gives the action its timeout again',
    source: 'API reference, RecordLifecycleActionHeartbeat',
    async run(cloud) {
      const { name, instanceId } = await createWaitingInstance(cloud, launchHook);
      await cloud.pass(40_000);
      await cloud.autoScaling.send(
        new RecordLifecycleActionHeartbeatCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'launch',
          InstanceId: instanceId,
        }),
      );
      await cloud.pass(40_000);
      const [instance] = (await describeGroup(cloud, name))?.Instances ?? [];
      assert.equal(instance?.LifecycleState, 'Pending:Wait', 'timed out in spite of a heartbeat');
      await waitForService(cloud, name, 1);
    },
  },
  {
    name: 'an abandoned launch is ended and tried again',
    source: 'user guide, "Considerations for lifecycle hooks": ABANDON; StatusMessage as shown',
    async run(cloud) {
      const { name, instanceId } = await createWaitingInstance(cloud, launchHook);
      await complete(cloud, { group: name, hook: 'launch', instanceId }, 'ABANDON');
      await waitForState(cloud, { group: name, instanceId }, undefined);
      const answer = await cloud.autoScaling.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
      );
      const launch = given(
        answer.Activities?.find(({ StatusCode }) => StatusCode === 'Cancelled'),
        'the cancelled launch',
      );
      assert.match(
        given(launch.StatusMessage, 'a message'),
        /^Instance failed to complete user's Lifecycle Action: Lifecycle Action with token [0-9a-f-]{36} was abandoned: Lifecycle Action Completed with ABANDON Result$/u,
      );
      await eventually(cloud, 'another attempt', async () => {
        const [instance] = (await describeGroup(cloud, name))?.Instances ?? [];
        return instance?.LifecycleState === 'Pending:Wait' ? instance.InstanceId : undefined;
      });
    },
  },
  {
    name: 'an instance waits at a termination hook, and its place does not',
    source: 'user guide, "How lifecycle hooks work": Terminating:Wait',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1, {
        LifecycleHookSpecificationList: [
          {
            LifecycleHookName: 'drain',
            LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
            HeartbeatTimeout: 600,
          },
        ],
      });
      await cloud.autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 0 }),
      );
      const instanceId = await eventually(cloud, 'an instance at the hook', async () => {
        const [instance] = (await describeGroup(cloud, name))?.Instances ?? [];
        return instance?.LifecycleState === 'Terminating:Wait' ? instance.InstanceId : undefined;
      });
      await complete(cloud, { group: name, hook: 'drain', instanceId }, 'CONTINUE');
      await waitForState(cloud, { group: name, instanceId }, undefined);
    },
  },
  {
    name: 'completing what is not waiting is refused',
    source: 'the words as users of lifecycled and convox report them',
    async run(cloud) {
      const { name, instanceId } = await createWaitingInstance(cloud, launchHook);
      const action = { group: name, hook: 'launch', instanceId };
      await complete(cloud, action, 'CONTINUE');
      await waitForService(cloud, name, 1);
      await expectRefusal(complete(cloud, action, 'CONTINUE'), {
        name: 'ValidationError',
        message: `No active Lifecycle Action found with instance ID ${instanceId}`,
        status: 400,
      });
    },
  },
  {
    name: 'deleting a launch hook abandons what waits at it',
    source: 'API reference, DeleteLifecycleHook: "ABANDON for launching instances"',
    async run(cloud) {
      const { name, instanceId } = await createWaitingInstance(cloud, launchHook);
      await cloud.autoScaling.send(
        new DeleteLifecycleHookCommand({
          AutoScalingGroupName: name,
          LifecycleHookName: 'launch',
        }),
      );
      await waitForState(cloud, { group: name, instanceId }, undefined);
      await waitForService(cloud, name, 1);
    },
  },
  {
    name: 'a warm pool holds max minus desired, stopped',
    source: 'user guide, "Warm pools for applications that have long boot times": size, states',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1, { MaxSize: 3 });
      await cloud.autoScaling.send(new PutWarmPoolCommand({ AutoScalingGroupName: name }));
      await eventually(cloud, 'two stopped instances', async () =>
        (await warmStates(cloud, name)).join() === 'Warmed:Stopped,Warmed:Stopped'
          ? true
          : undefined,
      );
      const group = given(await describeGroup(cloud, name), 'the group');
      assert.equal(group.WarmPoolSize, 2);
      assert.equal(group.WarmPoolConfiguration?.PoolState, 'Stopped');
      assert.equal(group.Instances?.length, 1, 'warm instances are not described with the group');
    },
  },
  {
    name: 'scale-out takes from the warm pool first',
    source: 'user guide, "Warm pools…": Launching a new EC2 instance from warm pool',
    async run(cloud) {
      const { name } = await createGroupInService(cloud, 1, { MaxSize: 3 });
      await cloud.autoScaling.send(
        new PutWarmPoolCommand({ AutoScalingGroupName: name, MaxGroupPreparedCapacity: 2 }),
      );
      await eventually(cloud, 'a stopped instance', async () =>
        (await warmStates(cloud, name)).join() === 'Warmed:Stopped' ? true : undefined,
      );
      await cloud.autoScaling.send(
        new SetDesiredCapacityCommand({ AutoScalingGroupName: name, DesiredCapacity: 2 }),
      );
      await waitForService(cloud, name, 2);
      const answer = await cloud.autoScaling.send(
        new DescribeScalingActivitiesCommand({ AutoScalingGroupName: name }),
      );
      const descriptions = (answer.Activities ?? []).map(({ Description }) => Description ?? '');
      assert.ok(
        descriptions.some((text) => text.startsWith('Launching a new EC2 instance from warm pool')),
        descriptions.join('\n'),
      );
      assert.deepEqual(await warmStates(cloud, name), []);
    },
  },
  {
    name: 'a warm pool is deleted with its instances',
    source: 'API reference, DeleteWarmPool: ForceDelete',
    async run(cloud) {
      const name = await createGroup(cloud, { MaxSize: 1 });
      await cloud.autoScaling.send(new PutWarmPoolCommand({ AutoScalingGroupName: name }));
      await eventually(cloud, 'a stopped instance', async () =>
        (await warmStates(cloud, name)).join() === 'Warmed:Stopped' ? true : undefined,
      );
      await cloud.autoScaling.send(
        new DeleteWarmPoolCommand({ AutoScalingGroupName: name, ForceDelete: true }),
      );
      await eventually(cloud, 'no warm pool', async () => {
        const group = await describeGroup(cloud, name);
        return group?.WarmPoolConfiguration === undefined ? true : undefined;
      });
    },
  },
];
