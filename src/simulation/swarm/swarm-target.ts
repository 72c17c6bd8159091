// AWS as one controller reaches it: the cloud model with failing calls, and with controllers that
// die while a call is on its way.

import type { ScalingTarget, TargetDescription } from '../../controller/ports/scaling-target.ts';
import type { CallOutcome } from '../../core/decision.ts';
import type { EpochMs } from '../../core/time.ts';
import type { Life } from './life.ts';

export interface TargetWitness {
  /** `askedAtMs` by the true clock. */
  described(description: TargetDescription, askedAtMs: EpochMs): void;
  setting(desired: number): void;
  /** What the controller was told; nothing is said of one that died. */
  set(desired: number, outcome: CallOutcome): void;
  cancelling(instance: string): void;
  cancelled(instance: string, outcome: CallOutcome): void;
}

export function openTarget(
  world: ScalingTarget,
  life: Life,
  witness: TargetWitness,
): ScalingTarget {
  return {
    describe: async (addresses) => {
      const describedAt = life.clock.now();
      const askedAtMs = life.clock.elapsedMs();
      const outcomes = await life.tell(world.describe(addresses));
      return outcomes.map((outcome) => {
        if (outcome.kind !== 'described') return outcome;
        // By the clock of the machine that asked.
        const description = { ...outcome.description, describedAt };
        witness.described(description, askedAtMs);
        return { kind: 'described', description };
      });
    },
    setDesired: async (request) => {
      witness.setting(request.desired);
      const call = world.setDesired(request);
      life.reach('during-call');
      const actuation = await call;
      life.reach('after-call');
      const told = await life.tell(actuation);
      witness.set(request.desired, told);
      return told;
    },
    cancelLaunch: async (request) => {
      witness.cancelling(request.instance);
      const call = world.cancelLaunch(request);
      life.reach('during-call');
      const outcome = await call;
      life.reach('after-call');
      const told = await life.tell(outcome);
      witness.cancelled(request.instance, told);
      return told;
    },
    putWarmPool: async (request) => await life.tell(await world.putWarmPool(request)),
  };
}
