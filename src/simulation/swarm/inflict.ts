// Carries out a fault on the part of a run that it befalls, and says how it ends.

import type { Override } from '../../core/observation.ts';
import { drawUniform } from '../random.ts';
import type { FaultEffect } from './fault-plan.ts';
import type { SwarmRun } from './swarm-run.ts';

/** Faults of one kind may overlap: the first to end then ends them all. */
export type EndFault = () => void;

const nothing: EndFault = () => {};

export function beginFault(run: SwarmRun, effect: FaultEffect, lastsMs: number): EndFault {
  switch (effect.kind) {
    case 'bad-network':
    case 'partition':
    case 'controller-cut-off':
    case 'broker-restart':
    case 'agent-crash':
    case 'agent-clock-step':
      return beginOnTheWay(run, effect);
    case 'describe-fails':
    case 'act-fails':
    case 'act-times-out':
      return beginAtTheApi(run, effect);
    case 'launch-failures':
    case 'spot-storm':
    case 'others-set-size':
    case 'others-set-bounds':
    case 'others-terminate':
      return beginInTheGroup(run, effect);
    case 'store-refuses':
      run.store.trouble.failure = effect.isWritten ? 'answer-lost' : 'refused';
      return () => void (run.store.trouble.failure = null);
    case 'store-slow':
      run.store.trouble.delayMs = effect.delayMs;
      return () => void (run.store.trouble.delayMs = 0);
    case 'crash':
      return beginCrash(run, effect);
    case 'override':
      return beginOverride(run, effect, lastsMs);
    case 'override-ends':
      void run.controller?.wishes.end(run.scenario.group.name, 'swarm');
      return nothing;
  }
}

type Of<Kind extends FaultEffect['kind']> = Extract<FaultEffect, { kind: Kind }>;

function beginOnTheWay(
  { broker, agents }: SwarmRun,
  effect: Of<
    | 'bad-network'
    | 'partition'
    | 'controller-cut-off'
    | 'broker-restart'
    | 'agent-crash'
    | 'agent-clock-step'
  >,
): EndFault {
  switch (effect.kind) {
    case 'bad-network':
      broker.trouble = effect;
      return () => void (broker.trouble = null);
    case 'partition':
      return agents.partition(effect.ratio);
    case 'controller-cut-off':
      broker.setControllerCutOff(true);
      return () => broker.setControllerCutOff(false);
    case 'broker-restart':
      broker.setUp(false);
      if (effect.isMemoryLost) broker.forget();
      return () => broker.setUp(true);
    case 'agent-crash':
      return agents.crash(effect.ratio);
    case 'agent-clock-step':
      agents.stepClocks(effect.ratio, effect.byMs);
      return nothing;
  }
}

function beginAtTheApi(
  { callFaults, random }: SwarmRun,
  effect: Of<'describe-fails' | 'act-fails' | 'act-times-out'>,
): EndFault {
  switch (effect.kind) {
    case 'describe-fails': {
      const { code } = effect;
      callFaults.describe =
        code === 'timed-out' ? { kind: code, isDone: false, afterMs: 5000 } : { kind: code };
      return () => void (callFaults.describe = null);
    }
    case 'act-fails': {
      const fault = { kind: effect.code } as const;
      callFaults.findSet = () => fault;
      break;
    }
    case 'act-times-out': {
      const { afterMs, doneRatio } = effect;
      callFaults.findSet = () => {
        const isDone = drawUniform(random) < doneRatio;
        return { kind: 'timed-out', isDone, afterMs };
      };
      break;
    }
  }
  return () => void (callFaults.findSet = () => null);
}

function beginInTheGroup(
  { cloud }: SwarmRun,
  effect: Of<
    'launch-failures' | 'spot-storm' | 'others-set-size' | 'others-set-bounds' | 'others-terminate'
  >,
): EndFault {
  switch (effect.kind) {
    case 'launch-failures':
      cloud.failLaunches(effect.ratio);
      return () => cloud.failLaunches(0);
    case 'spot-storm':
      cloud.storm(effect.ratio);
      return nothing;
    case 'others-set-size':
      cloud.setSize(effect.ratio);
      return nothing;
    case 'others-set-bounds':
      cloud.setBounds(effect.low, effect.high);
      return nothing;
    case 'others-terminate':
      cloud.terminateOne(effect.isDecrementing);
      return nothing;
  }
}

/** Where the point is not come to, it dies when it should have been started again. */
function beginCrash(run: SwarmRun, effect: Of<'crash'>): EndFault {
  const doomed = run.life;
  if (doomed !== null) doomed.doom = effect.point;
  doomed?.reach('at-once');
  return () => {
    if (doomed !== null && doomed.doom !== null) doomed.kill();
    run.startController(effect);
  };
}

function beginOverride(run: SwarmRun, { wish, ratio }: Of<'override'>, lastsMs: number): EndFault {
  const { life, controller, scenario } = run;
  if (life === null || controller === null || !life.isAlive) return nothing;
  const { name, min, max } = scenario.group;
  const common = { until: life.clock.now() + lastsMs, by: 'swarm', why: 'to see' };
  const size = Math.round(min + ratio * (max - min));
  const override: Override =
    wish === 'pause'
      ? { kind: 'pause', ...common }
      : wish === 'set'
        ? { kind: 'set', desired: size, ...common }
        : { kind: 'hold', atLeast: size, ...common };
  void controller.wishes.put(name, override);
  return nothing;
}
