// No message is lost or doubled, whatever is done to queues: each is visible, in flight, delayed,
// deleted, expired or in the dead-letter queue, and in one of these only.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advanceSqs, createSqs, openQueue, queueArn } from './sqs.ts';
import type { Sqs } from './sqs.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import { createNamedQueue, purgeQueue } from './queue-lifecycle.ts';
import { receiveMessages } from './receive.ts';
import { sendMessage } from './send.ts';
import { changeVisibility, deleteMessage } from './settle.ts';
import { restoreSqs, snapshotSqs } from './snapshot.ts';
import type { SqsState } from './snapshot.ts';
import type { Outcome } from '../fault.ts';

/** 2026-01-15T10:00:00Z. */
const START = 1_768_471_200_000;

function unwrap<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}

const options = {
  region: 'us-east-1',
  accountId: '123456789012',
  random: () => 0.5,
  contentDigest: (body: string) => body,
  settleMs: 0,
};

type Step =
  | { kind: 'send'; group: number; delayS: number }
  | { kind: 'receive'; from: 'work' | 'dead'; count: number; timeoutS: number }
  | { kind: 'delete' | 'release' | 'extend'; handle: number }
  | { kind: 'wait'; ms: number }
  | { kind: 'restore' };

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      group: fc.nat(3),
      delayS: fc.constantFrom(0, 0, 5, 60),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      from: fc.constantFrom('work' as const, 'work' as const, 'dead' as const),
      count: fc.integer({ min: 1, max: 10 }),
      timeoutS: fc.constantFrom(0, 10, 30, 600),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete' as const, 'release' as const, 'extend' as const),
      handle: fc.nat(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.integer({ min: 0, max: 40_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'restore' as const }) },
);

interface World {
  sqs: Sqs;
  readonly suffix: string;
  now: number;
  readonly sent: Set<string>;
  readonly deleted: Set<string>;
  handles: { queue: string; handle: string; id: string }[];
}

function createWorld(suffix: '' | '.fifo'): World {
  const sqs = createSqs(START, options);
  const kind: [string, string][] = suffix === '' ? [] : [['FifoQueue', 'true']];
  const create = (name: string, attributes: [string, string][]) =>
    unwrap(
      createNamedQueue(sqs, { name, attributes: new Map(attributes), tags: new Map() }, START),
    );
  create(`dead${suffix}`, kind);
  const deadLetterTargetArn = queueArn(sqs, `dead${suffix}`);
  const policy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 });
  create(`work${suffix}`, [...kind, ['RedrivePolicy', policy]]);
  return { sqs, suffix, now: START, sent: new Set(), deleted: new Set(), handles: [] };
}

function run(world: World, step: Step): void {
  const open = (name: string) => unwrap(openQueue(world.sqs, `${name}${world.suffix}`, world.now));
  switch (step.kind) {
    case 'send': {
      const isFifo = world.suffix !== '';
      const body = `message ${world.sent.size}`;
      const fifo = { groupId: `g${step.group}`, deduplicationId: body.replace(' ', '-') };
      const request = isFifo ? { body, ...fifo } : { body, delayS: step.delayS };
      const sent = sendMessage(
        world.sqs,
        open('work'),
        { ...request, attributes: new Map() },
        world.now,
      );
      world.sent.add(unwrap(sent).messageId);
      return;
    }
    case 'receive': {
      const request = { countMax: step.count, visibilityTimeoutS: step.timeoutS };
      for (const { content, receiptHandle } of receiveMessages(
        world.sqs,
        open(step.from),
        request,
        world.now,
      )) {
        world.handles.push({ queue: step.from, handle: receiptHandle, id: content.id });
      }
      return;
    }
    case 'wait':
      world.now += step.ms;
      return;
    case 'restore': {
      const text = JSON.stringify(snapshotSqs(world.sqs));
      // The text was written by the line above.
      world.sqs = unwrap(restoreSqs(JSON.parse(text) as SqsState, options));
      return;
    }
    default:
      settle(world, step, open);
  }
}

function settle(
  world: World,
  step: Extract<Step, { handle: number }>,
  open: (name: string) => Queue,
): void {
  const known = world.handles[step.handle % Math.max(world.handles.length, 1)];
  if (known === undefined) return;
  const queue = open(known.queue);
  const before = findMessage(queue, known.id);
  if (step.kind === 'delete') {
    deleteMessage(queue, known.handle, world.now);
    if (before !== undefined && findMessage(queue, known.id) === undefined) {
      world.deleted.add(known.id);
    }
  } else changeVisibility(queue, known.handle, step.kind === 'release' ? 0 : 120, world.now);
}

function findMessage(queue: Queue, id: string): Message | undefined {
  return [...queue.messages.values()].find(({ content }) => content.id === id);
}

function checkConservation(world: World): void {
  const queues = [...world.sqs.queues.values()];
  const live = queues.flatMap((queue) =>
    [...queue.messages.values()].map(({ content }) => content.id),
  );
  expect(new Set(live).size).toBe(live.length);
  expect(new Set([...live, ...world.deleted])).toEqual(world.sent);
  expect(live.filter((id) => world.deleted.has(id))).toEqual([]);
  for (const queue of queues) {
    const messages = [...queue.messages.values()];
    const count = (state: Message['state']) => messages.filter((m) => m.state === state).length;
    expect(queue.counts).toEqual({
      visible: count('visible'),
      inFlight: count('in-flight'),
      delayed: count('delayed'),
    });
    expect(queue.timers.items.length).toBe(count('in-flight') + count('delayed'));
    const oldest =
      messages.length === 0 ? undefined : (queue.ages.oldestFresh() ?? queue.ages.oldestTired());
    expect(oldest === undefined).toBe(messages.length === 0);
  }
}

describe.each(['', '.fifo'] as const)('queues %j under any course of calls', (suffix) => {
  it('have every message that was sent in exactly one place', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 80 }), (steps) => {
        const world = createWorld(suffix);
        for (const step of steps) {
          run(world, step);
          checkConservation(world);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('hand every message out again until it is deleted or dead', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 60 }), (steps) => {
        const world = createWorld(suffix);
        for (const step of steps) run(world, step);
        // Long enough for every delay and timeout, and deleting whatever comes.
        for (let round = 0; round < 200; round += 1) {
          world.now += 700_000;
          for (const name of ['work', 'dead']) {
            const queue = unwrap(openQueue(world.sqs, `${name}${suffix}`, world.now));
            for (const { content, receiptHandle } of receiveMessages(
              world.sqs,
              queue,
              { countMax: 10 },
              world.now,
            )) {
              unwrap(deleteMessage(queue, receiptHandle, world.now));
              world.deleted.add(content.id);
            }
          }
        }
        expect(world.deleted).toEqual(world.sent);
      }),
      { numRuns: 60 },
    );
  });
});

describe('FIFO order', () => {
  it('holds within each group, and no group is handed out twice at a time', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 120 }), (steps) => {
        const world = createWorld('.fifo');
        for (const step of steps) {
          const queue = unwrap(openQueue(world.sqs, 'work.fifo', world.now));
          const waiting = [...queue.messages.values()];
          const busy = new Set(
            waiting.filter((m) => m.state === 'in-flight').map((m) => m.content.groupId),
          );
          const known = world.handles.length;
          run(world, step);
          const received = world.handles.slice(known).filter((entry) => entry.queue === 'work');
          for (const { id } of received) {
            const message = waiting.find(({ content }) => content.id === id);
            expect(busy.has(message?.content.groupId)).toBe(false);
          }
          expectInOrder(
            world,
            waiting,
            received.map(({ id }) => id),
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  /** What was received of a group are its first messages, in order; dead-lettered ones aside. */
  function expectInOrder(world: World, waiting: readonly Message[], ids: readonly string[]): void {
    const dead = unwrap(openQueue(world.sqs, 'dead.fifo', world.now));
    for (const group of new Set(waiting.map(({ content }) => content.groupId))) {
      const line = waiting
        .filter(({ content }) => content.groupId === group)
        .toSorted((a, b) => a.place - b.place)
        .map(({ content }) => content.id)
        .filter((id) => findMessage(dead, id) === undefined || ids.includes(id));
      const got = ids.filter((id) => line.includes(id));
      expect(got).toEqual(line.slice(0, got.length));
    }
  }
});

describe('standard order', () => {
  it('is by place: oldest first, and behind the others after three receives', () => {
    fc.assert(
      fc.property(fc.array(stepArbitrary, { maxLength: 120 }), (steps) => {
        const world = createWorld('');
        for (const step of steps) {
          const queue = unwrap(openQueue(world.sqs, 'work', world.now));
          const visible = [...queue.messages.values()].filter((m) => m.state === 'visible');
          const line = visible
            .filter(({ receiveCountHere }) => receiveCountHere < 2)
            .toSorted((a, b) => a.place - b.place)
            .map(({ content }) => content.id);
          const known = world.handles.length;
          run(world, step);
          const received = world.handles.slice(known).filter((entry) => entry.queue === 'work');
          const isReceive = step.kind === 'receive' && step.from === 'work';
          const expected = isReceive ? line.slice(0, step.count) : [];
          expect(received.map(({ id }) => id)).toEqual(expected);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a restored state', () => {
  it('goes on as the original would have', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('' as const, '.fifo' as const),
        fc.array(stepArbitrary, { maxLength: 80 }),
        fc.nat(80),
        (suffix, steps, at) => {
          const [original, restored] = [createWorld(suffix), createWorld(suffix)];
          for (const [index, step] of steps.entries()) {
            run(original, step);
            run(restored, step);
            if (index === at) run(restored, { kind: 'restore' });
          }
          expect(restored.handles).toEqual(original.handles);
          expect(sortedState(restored.sqs)).toEqual(sortedState(original.sqs));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('of another version is refused with one line', () => {
    const state = { ...snapshotSqs(createSqs(START, options)), version: 9 };
    // A version that the type does not know is the point.
    expect(restoreSqs(state as unknown as SqsState, options)).toMatchObject({
      fault: { message: 'SQS state of version 9 was found; version 1 is allowed.' },
    });
  });

  /** The order in which messages are written follows from nothing that matters. */
  function sortedState(sqs: Sqs) {
    const state = snapshotSqs(sqs);
    const queues = state.queues.map((queue) => ({
      ...queue,
      messages: queue.messages.toSorted((a, b) => a.sequence - b.sequence),
    }));
    return { ...state, queues };
  }
});

describe('retention', () => {
  it('removes messages when their time is over, and none before', () => {
    const world = createWorld('');
    run(world, { kind: 'send', group: 0, delayS: 0 });
    world.now += 1000;
    run(world, { kind: 'send', group: 0, delayS: 0 });
    const size = () => unwrap(openQueue(world.sqs, 'work', world.now)).messages.size;
    world.now = START + 345_600_000 - 1;
    expect(size()).toBe(2);
    world.now += 1;
    expect(size()).toBe(1);
    world.now += 1000;
    expect(size()).toBe(0);
  });

  it('counts from the first sending also in the dead-letter queue', () => {
    const world = createWorld('');
    run(world, { kind: 'send', group: 0, delayS: 0 });
    world.now += 345_600_000 - 100_000;
    for (let i = 0; i < 3; i += 1) {
      run(world, { kind: 'receive', from: 'work', count: 1, timeoutS: 10 });
      world.now += 11_000;
    }
    const dead = () => unwrap(openQueue(world.sqs, 'dead', world.now)).messages.size;
    expect(dead()).toBe(1);
    world.now = START + 345_600_000;
    expect(dead()).toBe(0);
  });
});

it('a purge leaves nothing and no timers', () => {
  const world = createWorld('');
  for (let i = 0; i < 20; i += 1) run(world, { kind: 'send', group: 0, delayS: i % 2 });
  run(world, { kind: 'receive', from: 'work', count: 5, timeoutS: 30 });
  const queue = unwrap(openQueue(world.sqs, 'work', world.now));
  unwrap(purgeQueue(queue, world.now));
  expect(queue.counts).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  expect(queue.timers.items).toEqual([]);
  advanceSqs(world.sqs, world.now + 100_000);
  expect(receiveMessages(world.sqs, queue, { countMax: 10 }, world.now + 100_000)).toEqual([]);
  expect(purgeQueue(queue, world.now + 59_999)).toMatchObject({
    fault: { message: 'Only one PurgeQueue operation on work is allowed every 60 seconds.' },
  });
});
