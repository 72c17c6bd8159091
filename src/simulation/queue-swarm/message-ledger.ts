// The queue of a run, over the model of SQS, and the book of its messages: who holds each, whether its
// handler has finished, and which rule a call breaks. Workers do not know that they are watched.

import type { Outcome } from '../../cloud/fault.ts';
import type { Message } from '../../cloud/sqs/message.ts';
import type { Queue } from '../../cloud/sqs/queue.ts';
import { createNamedQueue } from '../../cloud/sqs/queue-lifecycle.ts';
import { receiveMessages, type ReceivedMessage } from '../../cloud/sqs/receive.ts';
import { sendMessage } from '../../cloud/sqs/send.ts';
import { changeVisibility, deleteMessage } from '../../cloud/sqs/settle.ts';
import { createSqs, openQueue, queueArn, type Sqs } from '../../cloud/sqs/sqs.ts';
import type { Clock } from '../../controller/ports/clock.ts';
import type { Ending, Settlement } from '../../worker/course.ts';
import { createRandom, drawUniform } from '../random.ts';
import { queueStartMs } from './queue-scenario.ts';
import type { QueueRule, QueueViolation } from './queue-rules.ts';

export interface LedgerCounts {
  received: number;
  done: number;
  failed: number;
  returned: number;
  /** In a worker's hands when it was killed. */
  orphaned: number;
}

export interface LedgerOptions {
  readonly seed: number;
  readonly clock: Clock;
  readonly maxReceiveCount: number;
  readonly visibilitySeconds: number;
}

export class MessageLedger {
  readonly violations: QueueViolation[] = [];
  readonly counts: LedgerCounts = { received: 0, done: 0, failed: 0, returned: 0, orphaned: 0 };
  readonly #options: LedgerOptions;
  readonly #sqs: Sqs;
  readonly #sent = new Set<string>();
  /** Those whose handler has resolved, at some worker. */
  readonly #handled = new Set<string>();
  /** By worker, then by receipt handle. */
  readonly #held = new Map<string, Map<string, ReceivedMessage>>();
  readonly #draining = new Set<string>();

  constructor(options: LedgerOptions) {
    this.#options = options;
    const random = createRandom(options.seed, 'sqs');
    this.#sqs = createSqs(queueStartMs, {
      region: 'us-east-1',
      accountId: '123456789012',
      random: () => drawUniform(random),
      contentDigest: (body) => body,
      settleMs: 0,
    });
    this.#create('dead', new Map());
    const deadLetterTargetArn = queueArn(this.#sqs, 'dead');
    const { maxReceiveCount } = options;
    const policy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
    this.#create('work', new Map([['RedrivePolicy', policy]]));
  }

  send(id: string): void {
    this.#sent.add(id);
    const now = this.#now();
    unwrap(sendMessage(this.#sqs, this.#open('work'), { body: id, attributes: new Map() }, now));
  }

  /** A worker begins to wait for a message. */
  poll(worker: string): void {
    if (this.#draining.has(worker)) {
      this.accuse('received-draining', `${worker} asks for a message although it drains`);
    }
  }

  receive(worker: string): ReceivedMessage | null {
    const request = { countMax: 1, visibilityTimeoutS: this.#options.visibilitySeconds };
    const [received] = receiveMessages(this.#sqs, this.#open('work'), request, this.#now());
    if (received === undefined) return null;
    this.counts.received += 1;
    const held = this.#held.get(worker) ?? new Map<string, ReceivedMessage>();
    this.#held.set(worker, held);
    held.set(received.receiptHandle, received);
    return received;
  }

  extend({ receiptHandle }: ReceivedMessage, seconds: number): void {
    changeVisibility(this.#open('work'), receiptHandle, seconds, this.#now());
  }

  /** The handler is over, or its message was given back: before the queue hears of it. */
  end({ content }: ReceivedMessage, ending: Ending): void {
    if (ending === 'done') this.#handled.add(content.body);
    this.counts[ending] += 1;
  }

  /** The queue does not hear of it. */
  drop(worker: string, message: ReceivedMessage): void {
    this.#held.get(worker)?.delete(message.receiptHandle);
    this.#expectBack(worker, message);
  }

  settle(worker: string, message: ReceivedMessage, ending: Ending, settlement: Settlement): void {
    const { receiptHandle, content } = message;
    const id = content.body;
    const queue = this.#open('work');
    this.#held.get(worker)?.delete(receiptHandle);
    if (settlement.kind === 'delete') {
      if (!this.#handled.has(id)) this.accuse('deleted-unhandled', `${worker} deletes ${id}`);
      deleteMessage(queue, receiptHandle, this.#now());
      return;
    }
    changeVisibility(queue, receiptHandle, settlement.seconds, this.#now());
    const isHidden = this.#find(message)?.state === 'in-flight';
    if (ending === 'returned' && isHidden) {
      this.accuse('not-returned', `${worker} gave ${id} back, and it is still hidden`);
    }
  }

  drains(worker: string): void {
    this.#draining.add(worker);
  }

  drained(worker: string): void {
    for (const { content } of this.#held.get(worker)?.values() ?? []) {
      const detail = `${worker} says it has drained, and holds ${content.body}`;
      this.accuse('in-hand-after-drain', detail);
    }
  }

  /** The worker does nothing any more. What it held must come back by itself. */
  killed(worker: string): void {
    for (const message of this.#held.get(worker)?.values() ?? []) {
      this.counts.orphaned += 1;
      this.#expectBack(worker, message);
    }
    this.#held.delete(worker);
  }

  /** Nobody speaks for it any more: it must be visible again by itself. */
  #expectBack(worker: string, message: ReceivedMessage): void {
    const { clock, visibilitySeconds } = this.#options;
    clock.after(visibilitySeconds * 1000 + 1, () => {
      if (this.#find(message)?.state !== 'in-flight') return;
      this.accuse('hidden-too-long', `${message.content.body}, which ${worker} held last`);
    });
  }

  /** Neither deleted nor in the dead-letter queue. */
  countLeft(): number {
    return this.#open('work').messages.size;
  }

  countDead(): number {
    return this.#open('dead').messages.size;
  }

  /** At the end: where every message is. */
  close(): void {
    const dead = new Set(this.#list('dead'));
    const left = new Set(this.#list('work'));
    for (const id of this.#sent) {
      if (left.has(id)) this.accuse('lost', `${id} was never done`);
      else if (!dead.has(id) && !this.#handled.has(id)) this.accuse('lost', `${id} is gone`);
    }
  }

  accuse(rule: QueueRule, detail: string): void {
    this.violations.push({ rule, atMs: this.#now() - queueStartMs, detail });
  }

  #list(name: string): readonly string[] {
    return [...this.#open(name).messages.values()].map(({ content }) => content.body);
  }

  /** The message as it is, unless it was received anew or is gone from the queue. */
  #find({ content, receiveCount }: ReceivedMessage): Message | null {
    for (const message of this.#open('work').messages.values()) {
      if (message.content.id === content.id) {
        return message.receiveCount === receiveCount ? message : null;
      }
    }
    return null;
  }

  #create(name: string, attributes: ReadonlyMap<string, string>): void {
    unwrap(createNamedQueue(this.#sqs, { name, attributes, tags: new Map() }, queueStartMs));
  }

  #open(name: string): Queue {
    return unwrap(openQueue(this.#sqs, name, this.#now()));
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

/** The model refuses none of the calls above: a refusal is a bug of the simulation. */
function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}
