// A group with one target tracking policy, as tests of the simulation need it.
import type { Group } from '../../core/group.ts';
import type { TargetTrackingPolicy } from '../../core/policies/policy.ts';
import { selectSignal } from '../../core/signal.ts';

/** Mean cpu at 60 % without tolerance, unless the policy says otherwise. */
export function makeGroup(
  policy: Partial<TargetTrackingPolicy>,
  changes: Partial<Group> = {},
): Group {
  const tracking: TargetTrackingPolicy = {
    type: 'target-tracking',
    name: 'tracking',
    selector: selectSignal('cpu', 'mean', 1000),
    target: 0.6,
    tolerance: { scaleOutRatio: 0, scaleInRatio: 0 },
    ...policy,
  };
  return {
    name: 'web',
    mode: 'active',
    min: 1,
    max: 200,
    warmupMs: 60_000,
    cooldown: { scaleOutMs: 0, scaleInMs: 60_000 },
    stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
    minReportingRatio: 0.5,
    policies: [tracking],
    ...changes,
  };
}
