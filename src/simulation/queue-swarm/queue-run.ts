// One seed: the real controller, the models of EC2 Auto Scaling and of SQS, and workers on instances that
// come and go, until every message has its end. The same seed always gives the same run.
// size: one run from its first message to its last; its parts are in files of their own

import { completeLifecycleAction } from '../../cloud/complete-lifecycle-action.ts';
import { endMachine } from '../../cloud/health.ts';
import type { World } from '../../cloud/world.ts';
import type { Controller } from '../../controller/controller.ts';
import type { GroupSettings } from '../../controller/group-settings.ts';
import type { Store } from '../../controller/ports/store.ts';
import { instanceTopic } from '../../wire/topics.ts';
import { createRandom, drawUniform, type Random } from '../random.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { MessageLedger, type LedgerCounts } from './message-ledger.ts';
import { createQueueController, describeGroup, QueueTelemetry } from './queue-controller.ts';
import {
  drawQueueScenario,
  queueStartMs,
  type PlannedFault,
  type QueueScenario,
} from './queue-scenario.ts';
import type { QueueViolation } from './queue-rules.ts';
import { createQueueWorld, groupName, hookName, scalingGroupName } from './queue-world.ts';
import { SimulatedInstance } from './simulated-instance.ts';
import { soundRules, type WorkerRules } from './simulated-worker.ts';

const stepMs = 1000;
/** Spot's notice. */
const noticeMs = 120_000;
/** In calm, the size that works off what is left, and the longest that may take. */
const calmSize = 4;
const settleMs = 240_000;
const calmStepMs = 10_000;
const calmMsMax = 3 * 3_600_000;

export interface QueueSeedResult {
  readonly seed: number;
  readonly violations: readonly QueueViolation[];
  readonly trace: readonly string[];
  /** Virtual. */
  readonly simulatedMs: number;
  readonly sent: number;
  readonly dead: number;
  readonly counts: LedgerCounts;
  readonly faults: number;
  /** Instances ended by name: after a drain, at its deadline with work in hand, and idle. */
  readonly endedDrained: number;
  readonly endedLate: number;
  readonly endedIdle: number;
  /** Ended as idle, and a message had come since the last report. */
  readonly endedIdleAtWork: number;
}

export interface QueueRunOptions {
  /** An empty store for a run. */
  readonly createStore: () => Store;
  readonly rules?: WorkerRules;
  readonly isTraced?: boolean;
}

export async function runQueueSeed(
  seed: number,
  options: QueueRunOptions,
): Promise<QueueSeedResult> {
  return await new QueueRun(drawQueueScenario(seed), options).toTheEnd();
}

class QueueRun {
  readonly #scenario: QueueScenario;
  readonly #options: QueueRunOptions;
  readonly #clock = new VirtualClock(queueStartMs);
  readonly #telemetry = new QueueTelemetry(this.#clock);
  readonly #world: World;
  readonly #ledger: MessageLedger;
  readonly #random: Random;
  readonly #store: Store;
  readonly #instances = new Map<string, SimulatedInstance>();
  /** All that ever were in service. */
  readonly #seen = new Set<string>();
  readonly #attempts = new Map<string, number>();
  readonly #trace: string[] = [];
  readonly #ended = { endedDrained: 0, endedLate: 0, endedIdle: 0, endedIdleAtWork: 0 };
  #controller: Controller;
  #size = 2;

  constructor(scenario: QueueScenario, options: QueueRunOptions) {
    this.#scenario = scenario;
    this.#options = options;
    const { seed, maxReceiveCount, worker, lossRatio } = scenario;
    const { visibilitySeconds } = worker;
    this.#random = createRandom(seed, 'queue-run');
    const clock = this.#clock;
    this.#ledger = new MessageLedger({ seed, clock, maxReceiveCount, visibilitySeconds });
    this.#world = createQueueWorld(scenario);
    this.#store = options.createStore();
    this.#telemetry.onCommand = (id, payload) => {
      if (drawUniform(this.#random) < lossRatio) return;
      this.#note(`${id} is told ${payload}`);
      this.#instances.get(id)?.command(payload);
    };
    this.#controller = this.#createController();
  }

  async toTheEnd(): Promise<QueueSeedResult> {
    const scenario = this.#scenario;
    for (const { id, sentAtMs } of scenario.messages) {
      this.#clock.after(sentAtMs, () => this.#ledger.send(id));
    }
    await this.#runUntil(20_000);
    await this.#controller.start();
    const events = [
      ...scenario.sizes.map(({ atMs, size }) => ({ atMs, run: () => this.#resize(size) })),
      ...scenario.faults.map((fault) => ({ atMs: fault.atMs, run: () => this.#inflict(fault) })),
    ].toSorted((one, other) => one.atMs - other.atMs);
    for (const { atMs, run } of events) {
      await this.#runUntil(atMs);
      await run();
    }
    await this.#runUntil(scenario.calmFromMs);
    await this.#resize(calmSize);
    const until = scenario.calmFromMs + calmMsMax;
    await this.#runUntil(scenario.calmFromMs + settleMs);
    await this.#stopController();
    // What is left is the workers' and the queue's alone.
    while (this.#elapsedMs() < until && this.#ledger.countLeft() > 0) {
      await this.#clock.advance(calmStepMs);
    }
    this.#ledger.close();
    const { violations, counts } = this.#ledger;
    return {
      seed: scenario.seed,
      violations,
      trace: this.#trace,
      simulatedMs: this.#elapsedMs(),
      sent: scenario.messages.length,
      dead: this.#ledger.countDead(),
      counts,
      faults: scenario.faults.length,
      ...this.#ended,
    };
  }

  async #runUntil(atMs: number): Promise<void> {
    while (this.#elapsedMs() < atMs) {
      this.#world.advanceTo(this.#clock.now());
      this.#follow();
      for (const instance of this.#instances.values()) instance.tick();
      const next = Math.min(queueStartMs + atMs, this.#clock.now() + stepMs);
      await this.#clock.advanceTo(next);
    }
  }

  /** Instances that have come, that are to go, and that are gone. */
  #follow(): void {
    for (const { id, lifecycle } of this.#world.instances.values()) {
      const known = this.#instances.get(id);
      if (lifecycle === 'InService' && !this.#seen.has(id)) this.#startInstance(id);
      if (known === undefined || known.isGone) continue;
      if (lifecycle === 'Terminating:Wait') known.noticeTermination();
      const isEnding = lifecycle === 'Terminating:Proceed' || lifecycle === 'Terminated';
      if (!isEnding && lifecycle !== 'Terminating') continue;
      this.#instances.delete(id);
      this.#note(`${id} ends with ${known.inHand} in hand`);
      known.end(drawUniform(this.#random) < 0.5);
    }
  }

  #startInstance(id: string): void {
    this.#seen.add(id);
    const { rules = soundRules } = this.#options;
    const plan = (message: string) => this.#plan(message);
    const instance = new SimulatedInstance({
      id,
      clock: this.#clock,
      random: createRandom(this.#scenario.seed, 'instance', id),
      ledger: this.#ledger,
      scenario: this.#scenario,
      workerParts: { plan, rules },
      publish: (kind, payload) => {
        this.#telemetry.deliver(instanceTopic(kind, groupName, id), JSON.stringify(payload));
      },
      complete: () => {
        const action = { groupName: scalingGroupName, hookName, token: undefined };
        const completed = completeLifecycleAction(
          this.#world,
          { ...action, instanceId: id },
          'CONTINUE',
        );
        return completed.ok;
      },
    });
    this.#instances.set(id, instance);
  }

  #plan(id: string): { readonly ms: number; readonly ending: 'done' | 'failed' } {
    const planned = this.#scenario.messages.find((message) => message.id === id);
    if (planned === undefined) throw new Error(`nobody sent ${id}`);
    const attempt = (this.#attempts.get(id) ?? 0) + 1;
    this.#attempts.set(id, attempt);
    const ending = attempt > planned.failures ? 'done' : 'failed';
    return { ms: planned.handlerMs, ending };
  }

  async #inflict({ kind, place, forMs }: PlannedFault): Promise<void> {
    this.#note(`${kind} for ${Math.round(forMs / 1000)} s`);
    if (kind === 'restart-controller') {
      await this.#restartController();
      return;
    }
    const ids = [...this.#instances.keys()];
    const id = ids[Math.floor(place * ids.length)];
    const instance = id === undefined ? undefined : this.#instances.get(id);
    if (id === undefined || instance === undefined) return;
    switch (kind) {
      case 'crash':
        instance.crash();
        return;
      case 'deploy':
        instance.deploy();
        return;
      case 'queue-cut':
        instance.cutQueue(forMs);
        return;
      case 'broker-cut':
        instance.cutBroker(forMs);
        return;
      case 'spot':
        instance.noticeSpot(this.#clock.now() + noticeMs);
        this.#clock.after(noticeMs, () => this.#powerOff(id));
        return;
      case 'power-off':
        this.#powerOff(id);
    }
  }

  #powerOff(id: string): void {
    this.#world.advanceTo(this.#clock.now());
    this.#instances.get(id)?.end(true);
    this.#instances.delete(id);
    endMachine(this.#world, id);
  }

  async #resize(size: number): Promise<void> {
    this.#size = size;
    this.#note(`${size} are wanted`);
    await this.#controller.reconfigure([this.#settings()]);
  }

  async #stopController(): Promise<void> {
    const stopped = this.#controller.stop();
    await this.#runUntil(this.#elapsedMs() + 5000);
    await stopped;
  }

  async #restartController(): Promise<void> {
    await this.#stopController();
    this.#controller = this.#createController();
    await this.#controller.start();
  }

  #createController(): Controller {
    return createQueueController({
      settings: this.#settings(),
      world: this.#world,
      clock: this.#clock,
      telemetry: this.#telemetry,
      store: this.#store,
      onEnd: (instance) => this.#bookEnd(instance),
      log: {
        write: (level, message) => {
          this.#note(message);
          const isBug = level === 'error' && message.startsWith('internal error');
          if (isBug) this.#ledger.accuse('internal-error', message);
        },
      },
    });
  }

  #bookEnd(id: string): void {
    const group = this.#controller.groups.get(groupName);
    const instance = this.#instances.get(id);
    if (instance === undefined) return;
    const drain = group?.state.draining?.find((one) => one.instance === id);
    if (drain === undefined) {
      this.#ended.endedIdle += 1;
      if (instance.inHand > 0) this.#ended.endedIdleAtWork += 1;
      return;
    }
    const isLate = this.#clock.now() >= drain.until;
    if (instance.inHand > 0 && !isLate) {
      this.#ledger.accuse('ended-at-work', `${id} has ${instance.inHand} in hand`);
    }
    this.#ended[isLate && instance.inHand > 0 ? 'endedLate' : 'endedDrained'] += 1;
  }

  #settings(): GroupSettings {
    return describeGroup(this.#scenario, this.#size);
  }

  #note(line: string): void {
    if (this.#options.isTraced === true) {
      this.#trace.push(`${(this.#elapsedMs() / 1000).toFixed(3)} s: ${line}`);
    }
  }

  #elapsedMs(): number {
    return this.#clock.now() - queueStartMs;
  }
}
