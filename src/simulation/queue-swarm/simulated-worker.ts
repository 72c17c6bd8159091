// A worker's process on virtual time: the worker library's own rules, driven by timers in the place of
// promises, with polls and calls as `sqs-consumer` makes them: one message at a time in each lane.

import type { ReceivedMessage } from '../../cloud/sqs/receive.ts';
import type { CancelTimer, Clock } from '../../controller/ports/clock.ts';
import {
  beginDrain,
  isDrained,
  judgeArrival,
  mayReceive,
  running,
  settleMessage,
  signOfLifeSeconds,
  type Course,
  type Ending,
} from '../../worker/course.ts';
import { drawBetween, type Random } from '../random.ts';
import type { MessageLedger } from './message-ledger.ts';
import type { QueueScenario } from './queue-scenario.ts';

/** What a worker goes by; a broken one puts another rule in the place of one. */
export interface WorkerRules {
  readonly beginDrain: typeof beginDrain;
  readonly mayReceive: typeof mayReceive;
  readonly judgeArrival: typeof judgeArrival;
  readonly settleMessage: typeof settleMessage;
  readonly isDrained: typeof isDrained;
  readonly signOfLifeSeconds: typeof signOfLifeSeconds;
  readonly givesBack: boolean;
  readonly deletesFirst: boolean;
  /** For how long a sign of life hides a message, as a share of what the settings say. */
  readonly hiddenRatio: number;
}

export const soundRules: WorkerRules = {
  beginDrain,
  mayReceive,
  judgeArrival,
  settleMessage,
  isDrained,
  signOfLifeSeconds,
  givesBack: true,
  deletesFirst: false,
  hiddenRatio: 1,
};

export interface WorkerParts {
  readonly name: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly ledger: MessageLedger;
  readonly settings: QueueScenario['worker'];
  readonly rules: WorkerRules;
  /** How a message's handler ends, and after how long. */
  readonly plan: (id: string) => { readonly ms: number; readonly ending: 'done' | 'failed' };
  /** Whether calls to SQS fail now. */
  readonly isCut: () => boolean;
  readonly onDrained: () => void;
}

/** A message in hand and the timers that belong to it. */
interface Handling {
  readonly message: ReceivedMessage;
  readonly cancels: CancelTimer[];
}

const pollStepMs = 1000;
/** As `sqs-consumer` waits after a call that failed. */
const afterFailureMs = 10_000;

export class SimulatedWorker {
  readonly #parts: WorkerParts;
  readonly #hands = new Set<Handling>();
  #course: Course = running;
  #openPolls = 0;
  /** Calls on their way that end a message. */
  #settling = 0;
  #isOver = false;
  #cancelGiveBack: CancelTimer = () => {};

  constructor(parts: WorkerParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.name;
  }

  get inHand(): number {
    return this.#hands.size;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** What the instance's agent says first: one that drains gets no work from a worker that starts. */
  start(): void {
    const { rules, settings } = this.#parts;
    if (!rules.mayReceive(this.#course)) return;
    for (let lane = 0; lane < settings.concurrency; lane += 1) this.#poll();
  }

  drain(withinMs: number): void {
    if (this.#isOver) return;
    const { clock, ledger, rules, settings, name } = this.#parts;
    const before = this.#course;
    const now = clock.now();
    this.#course = rules.beginDrain(before, now, Math.min(withinMs, settings.drainWithinMs));
    const { giveBackAt } = this.#course;
    if (!before.isDraining) ledger.drains(name);
    if (giveBackAt !== null && giveBackAt !== before.giveBackAt) {
      this.#cancelGiveBack();
      this.#cancelGiveBack = clock.after(giveBackAt - now, () => this.#giveBackAll());
    }
    this.#leaveIfDrained();
  }

  /** At once, without a word to anyone. */
  kill(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancelGiveBack();
    for (const { cancels } of this.#hands) for (const cancel of cancels) cancel();
    this.#hands.clear();
    this.#parts.ledger.killed(this.name);
  }

  #poll(): void {
    const { clock, ledger, rules, settings } = this.#parts;
    if (this.#isOver) return;
    if (!rules.mayReceive(this.#course)) {
      this.#leaveIfDrained();
      return;
    }
    this.#openPolls += 1;
    ledger.poll(this.name);
    this.#wait(clock.now() + settings.waitSeconds * 1000);
  }

  /** A long poll: whoever drains meanwhile does not end it. */
  #wait(until: number): void {
    const { clock, isCut, ledger } = this.#parts;
    if (this.#isOver) return;
    if (isCut()) {
      this.#openPolls -= 1;
      clock.after(afterFailureMs, () => this.#poll());
      this.#leaveIfDrained();
      return;
    }
    const message = ledger.receive(this.name);
    if (message !== null) {
      clock.after(this.#latencyMs(), () => this.#take(message));
      return;
    }
    if (clock.now() < until) {
      clock.after(pollStepMs, () => this.#wait(until));
      return;
    }
    this.#openPolls -= 1;
    this.#poll();
  }

  #take(message: ReceivedMessage): void {
    if (this.#isOver) return;
    const { clock, isCut, ledger, plan, rules, settings } = this.#parts;
    this.#openPolls -= 1;
    if (rules.judgeArrival(this.#course) === 'give-back') {
      ledger.end(message, 'returned');
      this.#settle(message, 'returned');
      return;
    }
    if (rules.deletesFirst) ledger.settle(this.name, message, 'done', { kind: 'delete' });
    const handling: Handling = { message, cancels: [] };
    this.#hands.add(handling);
    const everyMs = rules.signOfLifeSeconds(settings.visibilitySeconds) * 1000;
    const hiddenSeconds = settings.visibilitySeconds * rules.hiddenRatio;
    const live = (): void => {
      if (!isCut()) ledger.extend(message, hiddenSeconds);
      handling.cancels[1] = clock.after(everyMs, live);
    };
    const { ms, ending } = plan(message.content.body);
    handling.cancels.push(
      clock.after(ms, () => this.#end(handling, ending)),
      clock.after(everyMs, live),
    );
  }

  #giveBackAll(): void {
    if (!this.#parts.rules.givesBack) return;
    for (const handling of this.#hands) this.#end(handling, 'returned');
  }

  #end(handling: Handling, ending: Ending): void {
    for (const cancel of handling.cancels) cancel();
    this.#hands.delete(handling);
    this.#parts.ledger.end(handling.message, ending);
    this.#settle(handling.message, ending);
  }

  /** The lane goes on when the queue has heard of it, or the call has failed. */
  #settle(message: ReceivedMessage, ending: Ending): void {
    const { clock, isCut, ledger, rules } = this.#parts;
    const settlement = rules.settleMessage(ending, message.receiveCount);
    this.#settling += 1;
    clock.after(this.#latencyMs(), () => {
      this.#settling -= 1;
      if (this.#isOver) return;
      if (isCut()) ledger.drop(this.name, message);
      else ledger.settle(this.name, message, ending, settlement);
      this.#poll();
    });
  }

  #leaveIfDrained(): void {
    const { ledger, onDrained, rules } = this.#parts;
    const hands = { openPolls: this.#openPolls, inHand: this.#hands.size + this.#settling };
    if (this.#isOver || !rules.isDrained(this.#course, hands)) return;
    this.#isOver = true;
    this.#cancelGiveBack();
    ledger.drained(this.name);
    onDrained();
    // Of a broken worker something may be left: its process ends with it.
    for (const { cancels } of this.#hands) for (const cancel of cancels) cancel();
    ledger.killed(this.name);
  }

  #latencyMs(): number {
    return Math.round(drawBetween(this.#parts.random, 5, 60));
  }
}
