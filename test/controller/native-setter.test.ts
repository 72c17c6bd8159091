// The real controller on virtual time with an AWS policy in charge: it is fed and given its target,
// and no size is set but by AWS and by people.

import { describe, expect, it } from 'vitest';
import { createAccount, type Account } from '../../src/cloud/account/account.ts';
import { putScalingPolicy } from '../../src/cloud/define-policies.ts';
import { setDesiredCapacity } from '../../src/cloud/desired-capacity.ts';
import type { PolicyRule } from '../../src/cloud/scaling-policy.ts';
import { expectOk } from '../../src/cloud/testing/test-world.ts';
import type { Mode } from '../../src/core/group.ts';
import { explain } from '../../src/core/explain.ts';
import { createBacklogGroup } from '../../src/simulation/queue/backlog-rule.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import { createModelNativeScaling } from '../support/model-native-scaling.ts';
import { SimulatedController } from './simulated-controller.ts';

const made = createBacklogGroup({ firstLeadMs: 60_000 }, { min: 0, max: 100 });

const setter = {
  nativePolicy: 'keep-backlog',
  renewEveryMs: 60_000,
  publishEveryMs: 60_000,
  metric: { namespace: 'Foretide', name: 'BacklogPerInstance', dimensions: null },
};

interface SetterTest {
  readonly mode?: Mode;
  readonly desired?: number;
  readonly max?: number;
  readonly fixedTarget?: number;
}

class SetterStand extends SimulatedController {
  readonly calls: string[];
  visible: number | null = 0;
  readonly #account: { made: Account | null };

  constructor({ mode = 'active', desired = 2, max = 100, fixedTarget }: SetterTest = {}) {
    const calls: string[] = [];
    const account: { made: Account | null } = { made: null };
    const count = (name: 'visible' | 'inFlight') => ({
      name,
      source: {
        read: () => {
          if (this.visible === null) {
            return Promise.resolve({ kind: 'failed', message: 'denied' } as const);
          }
          const value = name === 'visible' ? this.visible : 0;
          const measuredAt = this.clock.now();
          return Promise.resolve({ kind: 'value', value, measuredAt } as const);
        },
      },
      everyMs: 5000,
      staleAfterMs: 15_000,
      scale: 1,
      isNothingZero: false,
    });
    const policies = made.policies.map((policy) =>
      policy.type === 'backlog'
        ? { ...policy, mode: 'setter' as const, setter, fixedTarget: fixedTarget ?? null }
        : policy,
    );
    super({
      group: { ...made, name: 'web', mode, policies, min: 0, max },
      desired,
      settings: { historySignals: [], sources: [count('visible'), count('inFlight')] },
      native: (world, clock) => {
        account.made ??= createAccount(world, { contentDigest: digestContent, settleMs: 0 });
        return createModelNativeScaling(account.made, () => clock.now(), calls);
      },
    });
    this.calls = calls;
    this.#account = account;
    this.load = null;
  }

  /** What CloudWatch would refuse and what alarms do is the account's affair. */
  get account(): Account {
    const { made: account } = this.#account;
    if (account === null) throw new Error('no account');
    return account;
  }

  put(target: number, rule: Partial<PolicyRule> = {}, metricName = 'BacklogPerInstance'): void {
    const tracking = {
      kind: 'target-tracking',
      target,
      metric: {
        predefinedType: undefined,
        resourceLabel: undefined,
        namespace: 'Foretide',
        metricName,
        dimensions: [{ name: 'AutoScalingGroupName', value: 'web-asg' }],
        statistic: 'Average',
        unit: undefined,
        periodSeconds: 60,
      },
      disablesScaleIn: false,
      warmupSeconds: 0,
    } as const;
    // A test gives a whole rule, or none.
    const whole = 'kind' in rule ? (rule as PolicyRule) : tracking;
    const content = { name: setter.nativePolicy, rule: whole, isEnabled: true };
    expectOk(putScalingPolicy(this.world, 'web-asg', content));
  }

  get target(): number | undefined {
    const rule = this.world.groups.get('web-asg')?.policies.get(setter.nativePolicy)?.rule;
    return rule?.kind === 'target-tracking' ? rule.target : undefined;
  }

  finish(durationMs: number, messages: number): void {
    const [instance] = this.inService();
    if (instance === undefined) throw new Error('no instance is in service');
    const finished = Array.from({ length: messages }, () => ({ durationMs, outcome: 'done' }));
    const payload = JSON.stringify({
      signals: { workInHand: 1 },
      session: 'w',
      sequence: this.clock.now(),
      work: { finished, omitted: 0 },
    });
    this.telemetry.deliver(instanceTopic('report', 'web', instance.id), payload);
  }

  get why(): string {
    const [group] = this.controller.groups.values();
    const decision = group?.lastDecision;
    return decision === null || decision === undefined ? '' : explain(decision).details.join('\n');
  }
}

describe('a group whose size an AWS policy sets', () => {
  it('renews the target to promise / mean duration, and only when that is worth a call', async () => {
    const stand = new SetterStand();
    stand.put(12);
    await stand.start();
    await stand.run(70);
    expect(stand.calls.filter((call) => call === 'PutScalingPolicy')).toEqual([]);
    stand.finish(50_000, 64);
    await stand.run(70);
    expect(stand.target).toBeCloseTo(6, 1);
    stand.finish(51_000, 64);
    await stand.run(130);
    expect(stand.calls.filter((call) => call === 'PutScalingPolicy')).toHaveLength(1);
    expect(stand.why).toContain("AWS's policy keep-backlog is in charge");
    expect(stand.why).toContain('it need not be renewed');
  });

  it('publishes the backlog per instance each minute, of one where there is none', async () => {
    for (const [desired, value] of [
      [2, 20],
      [0, 40],
    ] as const) {
      const stand = new SetterStand({ desired });
      stand.put(12);
      stand.visible = 40;
      await stand.start();
      await stand.run(180);
      expect(stand.calls.filter((call) => call === 'PutMetricData')).toHaveLength(3);
      expect(stand.why).toContain(`: ${value} messages wait for each instance`);
    }
  });

  it('sets a fixed target once, exactly', async () => {
    const stand = new SetterStand({ fixedTarget: 12.1 });
    stand.put(12);
    await stand.start();
    await stand.run(130);
    expect(stand.target).toBe(12.1);
    expect(stand.calls.filter((call) => call === 'PutScalingPolicy')).toHaveLength(1);
  });

  it('sets no size, whatever AWS does and whatever the bounds here are', async () => {
    const stand = new SetterStand({ desired: 2, max: 3 });
    stand.put(12);
    stand.visible = 400;
    await stand.start();
    const request = { groupName: 'web-asg', desired: 9, honorsCooldown: false };
    expectOk(setDesiredCapacity(stand.world, request));
    await stand.run(200);
    expect(stand.desired).toBe(9);
    const [group] = stand.controller.groups.values();
    expect(group?.lastDecision).toMatchObject({ kind: 'hold', from: 9 });
    expect(group?.lastInput?.observation.foreignChanges).toBeUndefined();
    expect(stand.why).toContain("AWS's policy keep-backlog sets the size");
  });

  it('carries out what a person sets all the same', async () => {
    const stand = new SetterStand({ desired: 2 });
    stand.put(12);
    await stand.start();
    const by = { by: 'ann', why: 'test', at: stand.clock.now(), until: null };
    const granted = await stand.controller.wishes.put('web', { kind: 'set', desired: 5, ...by });
    expect(granted).toEqual({ kind: 'granted' });
    await stand.run(10);
    expect(stand.desired).toBe(5);
  });

  it('publishes nothing and renews nothing while the queue cannot be counted', async () => {
    const stand = new SetterStand();
    stand.put(3);
    stand.visible = null;
    await stand.start();
    await stand.run(200);
    expect(stand.calls).toEqual([]);
  });
});

describe('what a mode lets the setter do', () => {
  it.each(['observe', 'advise'] as const)('changes nothing in %s, and says so', async (mode) => {
    const stand = new SetterStand({ mode });
    stand.put(3);
    stand.visible = 40;
    await stand.start();
    await stand.run(130);
    expect(stand.calls).toEqual([]);
    if (mode === 'advise') expect(stand.why).toContain('it would be given if the mode let it');
  });

  it('raises no target in scale-out-only, which would let instances go', async () => {
    const stand = new SetterStand({ mode: 'scale-out-only' });
    stand.put(3);
    await stand.start();
    await stand.run(70);
    expect(stand.target).toBe(3);
    expect(stand.why).toContain('might let instances go');
    stand.put(30);
    await stand.run(70);
    expect(stand.target).toBe(12);
  });

  it('renews nothing while it is paused, and goes on publishing', async () => {
    const stand = new SetterStand();
    stand.put(3);
    await stand.start();
    const by = { by: 'ann', why: 'test', at: stand.clock.now(), until: null };
    await stand.controller.wishes.put('web', { kind: 'pause', ...by });
    stand.put(30);
    await stand.run(130);
    expect(stand.target).toBe(30);
    expect(stand.calls).toContain('PutMetricData');
    expect(stand.why).toContain('when the pause ends');
  });
});

describe('a policy that cannot be left in charge', () => {
  const step: PolicyRule = {
    kind: 'step',
    adjustmentType: 'ChangeInCapacity',
    minMagnitude: undefined,
    steps: [{ lowerBound: 0, upperBound: undefined, value: 1 }],
    aggregation: 'Average',
    warmupSeconds: undefined,
  };

  it.each([
    ['is missing', () => {}, 'the group has no policy keep-backlog'],
    [
      'is of another type',
      (stand: SetterStand) => stand.put(3, step),
      'is a StepScaling policy, not a TargetTrackingScaling one',
    ],
    [
      'follows another metric',
      (stand: SetterStand) => stand.put(3, {}, 'Depth'),
      'follows Foretide/Depth{AutoScalingGroupName=web-asg}, not Foretide/BacklogPerInstance{AutoScalingGroupName=web-asg}',
    ],
  ] as const)('%s: that is said once, until it is mended', async (_what, prepare, problem) => {
    const stand = new SetterStand();
    prepare(stand);
    await stand.start();
    await stand.run(200);
    expect(stand.calls).not.toContain('PutScalingPolicy');
    expect(stand.log.filter(({ message }) => message.includes(problem))).toHaveLength(1);
    expect(stand.why).toContain(problem);
    stand.put(30);
    await stand.run(130);
    expect(stand.target).toBe(12);
    expect(stand.log.some(({ message }) => message.includes('given its target again'))).toBe(true);
  });
});
