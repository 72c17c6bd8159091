// One seed: the real controller over everything simulated, with the faults of its scenario, until
// the group has come to rest. The same seed always gives the same run.

import { Controller, type ControllerOptions } from '../../controller/controller.ts';
import type { Store } from '../../controller/ports/store.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { createWorldTarget, type CallFault } from '../world-target.ts';
import { isAtRest, settleWithinMs, wantedAt, type Calm } from './convergence.ts';
import { chancesOf } from './fault-plan.ts';
import { beginFault } from './inflict.ts';
import { Life } from './life.ts';
import { drawScenario, loadAt, swarmStartMs, type Scenario } from './scenario.ts';
import { drawUniform, type Random } from '../random.ts';
import { SwarmAgents } from './swarm-agents.ts';
import { SwarmBroker } from './swarm-broker.ts';
import { scalingGroupName, SwarmCloud } from './swarm-cloud.ts';
import { SwarmStore } from './swarm-store.ts';
import { openTarget } from './swarm-target.ts';
import type { Violation } from './violation.ts';
import { Witness } from './witness.ts';

/** The group rests when nothing was left to do for so long. */
const restMs = 15_000;
/** The controller is started when the group's first instances are there. */
const controllerFromMs = 20_000;

export interface SwarmOptions {
  /** An empty store for a run. */
  readonly createStore: () => Store;
  readonly isTraced?: boolean;
  /** Where a broken controller is put in the place of the real one: to show that it is caught. */
  readonly createController?: (options: ControllerOptions) => Controller;
}

export interface SeedResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly trace: readonly string[];
  /** Virtual. */
  readonly simulatedMs: number;
  readonly faults: number;
  readonly crashes: number;
  readonly acts: number;
  readonly ticks: number;
}

export async function runSeed(seed: number, options: SwarmOptions): Promise<SeedResult> {
  const run = new SwarmRun(drawScenario(seed), options);
  return await run.toTheEnd();
}

export class SwarmRun {
  readonly scenario: Scenario;
  readonly clock = new VirtualClock(swarmStartMs);
  readonly cloud: SwarmCloud;
  readonly broker: SwarmBroker;
  readonly agents: SwarmAgents;
  readonly store: SwarmStore;
  readonly witness: Witness;
  /** What becomes of the next calls to AWS. */
  readonly callFaults: { describe: CallFault | null; findSet: () => CallFault | null } = {
    describe: null,
    findSet: () => null,
  };
  readonly random: Random;
  life: Life | null = null;
  controller: Controller | null = null;
  readonly #options: SwarmOptions;
  #isStarting = false;
  #offsetMs = 0;
  #lives = 0;

  constructor(scenario: Scenario, options: SwarmOptions) {
    this.scenario = scenario;
    this.#options = options;
    const { seed, group, reportEveryMs } = scenario;
    const { clock } = this;
    this.random = chancesOf(seed, 'run');
    this.witness = new Witness({
      scenario,
      clock,
      isConnected: () => this.broker.isControllerConnected,
      isTraced: options.isTraced ?? false,
    });
    this.cloud = new SwarmCloud(scenario, chancesOf(seed, 'cloud'));
    const onArrival = this.witness.heard.bind(this.witness);
    this.broker = new SwarmBroker(clock, chancesOf(seed, 'network'), onArrival);
    const random = chancesOf(seed, 'agents');
    const { broker } = this;
    this.agents = new SwarmAgents({ group: group.name, broker, clock, random, reportEveryMs });
    this.store = new SwarmStore(options.createStore(), clock, this.witness);
  }

  async toTheEnd(): Promise<SeedResult> {
    const { scenario, witness } = this;
    await this.#runUntil(controllerFromMs);
    this.startController({ clockStepMs: 0, isOtherName: false });
    const ends: { readonly atMs: number; readonly end: () => void }[] = [];
    for (const { fromMs, untilMs, effect } of scenario.faults) {
      ends.push(...(await this.#endDue(ends.splice(0), fromMs)));
      await this.#runUntil(fromMs);
      witness.note(`fault until ${untilMs / 1000} s: ${JSON.stringify(effect)}`);
      ends.push({ atMs: untilMs, end: beginFault(this, effect, untilMs - fromMs) });
    }
    await this.#endDue(ends, scenario.calmFromMs);
    await this.#runUntil(scenario.calmFromMs);
    await this.#rest();
    witness.replay();
    const { durable, violations, trace } = witness;
    return {
      seed: scenario.seed,
      violations,
      trace,
      simulatedMs: this.clock.now() - swarmStartMs,
      faults: scenario.faults.length,
      crashes: this.#lives - 1,
      acts: durable.filter((entry) => entry.kind === 'tick' && entry.decision.acts).length,
      ticks: durable.filter(({ kind }) => kind === 'tick').length,
    };
  }

  /** A new process a little later, on a machine whose clock may have been set since. */
  startController(how: { readonly clockStepMs: number; readonly isOtherName: boolean }): void {
    if (this.#isStarting || this.life?.isAlive === true) return;
    this.#isStarting = true;
    // With the clock set back another name would wait for the old lease to end by that clock.
    const isOtherName = how.isOtherName && how.clockStepMs >= this.#offsetMs;
    this.#offsetMs = how.clockStepMs;
    this.#lives += 1;
    const name = isOtherName || this.life === null ? `life-${this.#lives}` : this.life.name;
    this.clock.after(Math.round(drawUniform(this.random) * 999), () => this.#begin(name));
  }

  #begin(name: string): void {
    this.#isStarting = false;
    const { clock, scenario, witness, broker } = this;
    const onDeath = (): void => {
      witness.died();
      broker.lose(scenario.group.name);
    };
    const life = new Life(clock, { name, offsetMs: this.#offsetMs, onDeath });
    this.life = life;
    witness.begin(life);
    const create = this.#options.createController ?? ((all) => new Controller(all));
    this.controller = create({
      id: name,
      groups: [createSettings(scenario)],
      loadTopics: [],
      hearsOthers: true,
      clock: life.clock,
      log: {
        write: (level, message) => {
          if (message.startsWith('internal error')) witness.accuse('internal-error', message);
          witness.note(`${level}: ${message}`);
        },
      },
      target: openTarget(this.#createTarget(), life, witness),
      telemetry: broker.openFor(life),
      store: this.store.openFor(life),
    });
    this.controller.start().catch((error: unknown) => {
      witness.accuse('internal-error', `start: ${String(error)}`);
    });
  }

  #createTarget(): ReturnType<typeof createWorldTarget> {
    const { clock, cloud, scenario, callFaults } = this;
    return createWorldTarget({
      world: cloud.world,
      clock,
      latencyMs: scenario.latencyMs,
      findFault: (call) => (call === 'describe' ? callFaults.describe : callFaults.findSet()),
    });
  }

  /** Ends what is over by then, in order; returns what is not. */
  async #endDue<T extends { readonly atMs: number; readonly end: () => void }>(
    ends: readonly T[],
    untilMs: number,
  ): Promise<readonly T[]> {
    const inOrder = ends.toSorted((one, other) => one.atMs - other.atMs);
    for (const { atMs, end } of inOrder.filter((one) => one.atMs <= untilMs)) {
      await this.#runUntil(atMs);
      end();
    }
    return inOrder.filter(({ atMs }) => atMs > untilMs);
  }

  /** Until that time since the start; in every second each agent has its turn. */
  async #runUntil(untilMs: number): Promise<void> {
    for (;;) {
      const nowMs = this.clock.now() - swarmStartMs;
      if (nowMs >= untilMs) break;
      const nextSecondMs = (Math.floor(nowMs / 1000) + 1) * 1000;
      await this.clock.advance(Math.min(untilMs, nextSecondMs) - nowMs);
      this.cloud.world.advanceTo(this.clock.now());
      if (this.clock.now() - swarmStartMs === nextSecondMs) this.#stepAgents(nextSecondMs);
    }
  }

  #stepAgents(nowMs: number): void {
    const { scenario, cloud, agents } = this;
    const noise = nowMs < scenario.calmFromMs ? scenario.noiseRatio : 0;
    agents.step(cloud.inService(), loadAt(scenario, nowMs), noise);
  }

  /** Goes on until the group rests where it should, or for as long as that may take at most. */
  async #rest(): Promise<void> {
    const { scenario, clock, witness, cloud } = this;
    this.startController({ clockStepMs: this.#offsetMs, isOtherName: false });
    const { calmFromMs } = scenario;
    const untilMs = calmFromMs + settleWithinMs(scenario) + restMs;
    let restsSinceMs: number | null = null;
    for (let nowMs = calmFromMs + 1000; nowMs <= untilMs; nowMs += 1000) {
      await this.#runUntil(nowMs);
      const { desired } = cloud.group;
      const isSettled =
        this.life !== null &&
        cloud.inService().length === desired &&
        isAtRest(desired, this.#calm(this.life));
      if (!isSettled) restsSinceMs = null;
      else restsSinceMs ??= nowMs;
      if (restsSinceMs !== null && nowMs - restsSinceMs >= restMs) return;
    }
    const { desired } = cloud.group;
    const calm = this.life === null ? null : this.#calm(this.life);
    const wanted = calm === null ? '?' : wantedAt(desired, calm);
    const after = `${Math.round((clock.now() - swarmStartMs - calmFromMs) / 1000)} s of calm`;
    const serving = `${cloud.inService().length} in service`;
    witness.accuse('not-converged', `${desired} (${serving}) after ${after}, wanted ${wanted}`);
  }

  #calm({ clock }: Life): Calm {
    const { scenario, cloud } = this;
    const load = loadAt(scenario, scenario.calmFromMs);
    const now = clock.now();
    const calendar = scenario.readCalendar(now);
    return { group: scenario.group, load, bounds: cloud.group.settings, calendar, now };
  }
}

function createSettings(scenario: Scenario): ControllerOptions['groups'][number] {
  const { group, staleAfterMs, readCalendar } = scenario;
  return {
    group,
    target: { autoScalingGroup: scalingGroupName, region: null, roleArn: null },
    honorCooldown: false,
    staleAfterMs,
    hasLoadTopic: false,
    historySignals: ['cpu'],
    readCalendar,
  };
}
