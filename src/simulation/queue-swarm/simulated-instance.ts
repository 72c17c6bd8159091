// One instance of a run: an agent that hears commands and reports, the board on which its worker tells of
// its work, a supervisor that starts the worker anew, and the metadata that tells of the near end.

import { WorkBoard } from '../../agent/application/work-board.ts';
import type { CancelTimer, Clock } from '../../controller/ports/clock.ts';
import { timeToGiveBack } from '../../worker/course.ts';
import { parseCommand } from '../../wire/command.ts';
import { drawBetween, drawUniform, type Random } from '../random.ts';
import type { MessageLedger } from './message-ledger.ts';
import type { QueueScenario } from './queue-scenario.ts';
import { SimulatedWorker, type WorkerParts } from './simulated-worker.ts';

export interface InstanceParts {
  readonly id: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: MessageLedger;
  readonly scenario: QueueScenario;
  readonly workerParts: Pick<WorkerParts, 'plan' | 'rules'>;
  readonly publish: (kind: 'report' | 'status', payload: unknown) => void;
  /** Completes the lifecycle action; false where there is none yet. */
  readonly complete: () => boolean;
}

/** As the agent and the worker library have them. */
const boardLifetimeMs = 60_000;
const renewalMs = 10_000;
const metadataEveryMs = 5000;
const completeAgainMs = 2000;
const completePatienceMs = 120_000;
/** What an operating system that shuts down, or a deploy, leaves a process. */
const graceMs = 10_000;
/** From the deadline to the empty hand: a turn of the loop. */
const toleranceMs = 100;

export class SimulatedInstance {
  readonly #parts: InstanceParts;
  readonly #board: WorkBoard;
  #isDraining = false;
  #endsAt = Number.POSITIVE_INFINITY;
  #worker: SimulatedWorker | null = null;
  #processes = 0;
  #toldInHand = -1;
  #toldAt = Number.NEGATIVE_INFINITY;
  #isAsked = false;
  #queueCutUntil = 0;
  #brokerCutUntil = 0;
  #spotAt: number | null = null;
  #isTerminating = false;
  #isGone = false;
  #metadataAt = 0;
  #cancelStart: CancelTimer = () => {};

  constructor(parts: InstanceParts) {
    this.#parts = parts;
    this.#board = new WorkBoard(boardLifetimeMs, () => this.#isDraining);
    this.#publish('status', { state: 'online' });
    this.#startWorker();
  }

  get inHand(): number {
    return this.#worker?.inHand ?? 0;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Once a second: the worker tells its agent, the agent the broker. */
  tick(): void {
    if (this.#isGone) return;
    const now = this.#now();
    if (this.#worker?.isOver === false) this.#tellAgent(this.#worker, renewalMs);
    this.#board.collect(now, (name, value) => {
      this.#publish('report', { signals: { [name]: value } });
    });
    if (now < this.#metadataAt + metadataEveryMs) return;
    this.#metadataAt = now;
    this.#readMetadata();
  }

  command(payload: string): void {
    const parsed = parseCommand(payload);
    if (this.#isGone || this.#now() < this.#brokerCutUntil || !parsed.ok) return;
    const { value } = parsed;
    if (value.command === 'set-interval') return;
    this.#isDraining = value.command === 'drain';
    this.#endsAt =
      value.command === 'drain' ? this.#now() + (value.withinMs ?? Number.POSITIVE_INFINITY) : 0;
    this.#publish('status', { state: this.#isDraining ? 'draining' : 'online' });
  }

  crash(): void {
    if (this.#isGone) return;
    this.#worker?.kill();
    this.#startLater();
  }

  deploy(): void {
    this.#endProcess(() => this.#startLater());
  }

  cutQueue(forMs: number): void {
    this.#queueCutUntil = this.#now() + forMs;
  }

  cutBroker(forMs: number): void {
    this.#brokerCutUntil = this.#now() + forMs;
  }

  noticeSpot(at: number): void {
    this.#spotAt = at;
  }

  noticeTermination(): void {
    this.#isTerminating = true;
  }

  /** The machine is switched off, after the operating system has told its processes or at once. */
  end(isAtOnce: boolean): void {
    if (isAtOnce) this.#powerOff();
    else this.#endProcess(() => this.#powerOff());
  }

  #powerOff(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#cancelStart();
    this.#worker?.kill();
  }

  /** SIGTERM, and SIGKILL when its time is over. */
  #endProcess(then: () => void): void {
    const worker = this.#worker;
    worker?.drain(Number.POSITIVE_INFINITY);
    this.#parts.clock.after(graceMs, () => {
      worker?.kill();
      then();
    });
  }

  #readMetadata(): void {
    const { settings } = this.#settings();
    if (!settings.watchesTermination) return;
    if (this.#spotAt !== null) this.#drain(timeToGiveBack(this.#spotAt - this.#now()));
    else if (this.#isTerminating) this.#drain(Number.POSITIVE_INFINITY);
  }

  #drain(withinMs: number): void {
    const worker = this.#worker;
    if (worker === null || worker.isOver) return;
    const { clock, ledger, scenario } = this.#parts;
    worker.drain(withinMs);
    const dueMs = Math.min(withinMs, scenario.worker.drainWithinMs) + toleranceMs;
    clock.after(dueMs, () => {
      if (worker.isOver || worker.inHand === 0) return;
      ledger.accuse('kept-past-deadline', `${worker.name} holds ${worker.inHand}`);
    });
  }

  /** A post of the worker; its answer says whether the instance drains. */
  #tellAgent({ name, inHand }: SimulatedWorker, unlessSinceMs: number): void {
    const at = this.#now();
    if (inHand === this.#toldInHand && at - this.#toldAt < unlessSinceMs) return;
    this.#toldInHand = inHand;
    this.#toldAt = at;
    this.#board.take({ worker: name, inHand }, at);
    if (!this.#isDraining) return;
    this.#isAsked = true;
    const leftMs = timeToGiveBack(this.#endsAt - at);
    this.#drain(this.#parts.scenario.worker.heedsTime ? leftMs : Number.POSITIVE_INFINITY);
  }

  #startWorker(): void {
    if (this.#isGone) return;
    const { id, clock, random, ledger, workerParts } = this.#parts;
    this.#processes += 1;
    const worker: SimulatedWorker = new SimulatedWorker({
      name: `${id}/${this.#processes}`,
      clock,
      random,
      ledger,
      ...this.#settings(),
      ...workerParts,
      isCut: () => this.#now() < this.#queueCutUntil,
      onDrained: () => this.#afterDrain(worker),
    });
    this.#worker = worker;
    this.#isAsked = false;
    this.#tellAgent(worker, 0);
    worker.start();
  }

  /** Its last report, the lifecycle action, and the next process of a supervisor that has one. */
  #afterDrain(worker: SimulatedWorker): void {
    this.#tellAgent(worker, 0);
    const until = this.#now() + (this.#isAsked ? completePatienceMs : 0);
    this.#complete(until);
    this.#startLater();
  }

  #complete(until: number): void {
    const { clock, complete, scenario } = this.#parts;
    if (this.#isGone || scenario.hookSeconds === null || complete()) return;
    if (this.#now() < until) clock.after(completeAgainMs, () => this.#complete(until));
  }

  #startLater(): void {
    const { clock, random } = this.#parts;
    this.#cancelStart();
    const delayMs = Math.round(drawBetween(random, 1000, 15_000));
    this.#cancelStart = clock.after(delayMs, () => {
      if (this.#worker?.isOver === true) this.#startWorker();
    });
  }

  #settings(): Pick<WorkerParts, 'settings'> {
    return { settings: this.#parts.scenario.worker };
  }

  #publish(kind: 'report' | 'status', payload: unknown): void {
    const { publish, random, scenario } = this.#parts;
    if (this.#now() < this.#brokerCutUntil) return;
    // A status is told again with each connection; that is left out, and so no status is lost.
    if (kind === 'report' && drawUniform(random) < scenario.lossRatio) return;
    publish(kind, payload);
  }

  #now(): number {
    return this.#parts.clock.now();
  }
}
