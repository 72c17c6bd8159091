import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { makeGroup, startMs } from '../../test/arbitraries/core.ts';
import type { Actuation, Decision } from './decision.ts';
import { conclude } from './conclude.ts';
import { decide } from './decide.ts';
import { drainAnswerMs, drainRetryMs, listActive } from './drains.ts';
import { explain } from './explain.ts';
import type { Group } from './group.ts';
import { findObstacles } from './obstacles.ts';
import type { DrainingInstance, Observation } from './observation.ts';
import { beginReplay, replayEntry, type RecordedEntry } from './replay.ts';
import { initialState, type GroupState } from './state.ts';

const withinMs = 600_000;
const accepted = { kind: 'accepted' } as const;

/** A group that wants so many. */
function wanting(size: number, more: Partial<Group> = {}): Group {
  const policies = [{ type: 'fixed', name: 'fixed', size }] as const;
  return { ...makeGroup(policies), drainWithinMs: withinMs, ...more };
}

interface Seen {
  readonly idle?: readonly string[];
  readonly busy?: readonly string[];
  readonly deaf?: number;
  readonly draining?: readonly DrainingInstance[];
  readonly desired?: number;
  readonly at?: number;
  readonly more?: Partial<Observation>;
}

function sight({ idle = [], busy, deaf, draining, desired = 4, at = 0, more }: Seen): Observation {
  return {
    capacity: {
      describedAt: startMs + at,
      min: 0,
      max: 100,
      desired,
      inService: desired,
      pending: 0,
      terminating: 0,
    },
    fleet: { warmed: desired, warming: 0, expected: desired, reporting: desired, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    candidates: {
      pending: [],
      idle,
      ...(busy !== undefined && { busy }),
      ...(deaf !== undefined && { deaf }),
      ...(draining !== undefined && { draining }),
    },
    ...more,
  };
}

function look(group: Group, state: GroupState, seen: Seen) {
  return decide(group, state, sight(seen), startMs + (seen.at ?? 0));
}

const four = ['i-1', 'i-2', 'i-3', 'i-4'];
const told = look(wanting(3), initialState, { busy: four });
const says = (inHand: number | null, isDraining = true): readonly DrainingInstance[] => [
  { instance: 'i-1', isDraining, inHand },
];

describe('a scale-in of busy workers', () => {
  it('tells as many to drain as are too many, the least work first, and sets nothing yet', () => {
    const { state, decision } = told;
    expect(decision).toMatchObject({ kind: 'hold', from: 4, to: 4, acts: false, drains: ['i-1'] });
    expect(state.inFlight).toBeNull();
    expect(state.draining).toEqual([
      {
        instance: 'i-1',
        since: startMs,
        until: startMs + withinMs,
        saidAt: null,
        isCalledOff: false,
      },
    ]);
  });

  it('ends the idle ones first', () => {
    const { decision, state } = look(wanting(1), initialState, { idle: ['i-4'], busy: four });
    expect(decision).toMatchObject({ kind: 'scale-in', from: 4, to: 3, cancels: ['i-4'] });
    expect(decision.drains).toEqual(['i-1', 'i-2']);
    expect(listActive(state)).toHaveLength(2);
  });

  it('counts it at once, for the cooldown and the rate, and not again at its end', () => {
    const { state } = told;
    expect(state).toMatchObject({ scaledInAt: startMs, changes: [{ removed: 1 }] });
    const rate = { scaleIn: { instances: 1, ratio: null, periodMs: 60_000 } };
    const next = look(wanting(1, { rate }), state, { busy: four, draining: says(2), at: 1000 });
    expect(next.decision.drains).toBeUndefined();
    const drained = look(wanting(3), next.state, { draining: says(0), at: 90_000 });
    const launches = [{ instance: 'i-1', outcome: accepted }];
    const actuation: Actuation = { kind: 'cancelled', launches };
    const after = conclude(drained.state, drained.decision, actuation, startMs + 90_050);
    expect(after).toMatchObject({ scaledInAt: startMs, accepted: { size: 3 }, inFlight: null });
    expect(after.changes).toHaveLength(1);
    expect(after.draining).toBeUndefined();
  });

  it('ends one by name when it says that it drains and has nothing in hand', () => {
    for (const draining of [says(null, false), says(0, false), says(null), says(1)]) {
      expect(look(wanting(3), told.state, { draining, at: 2000 }).decision.acts).toBe(false);
    }
    const { decision } = look(wanting(3), told.state, { draining: says(0), at: 2000 });
    expect(decision).toMatchObject({ kind: 'scale-in', from: 4, to: 3, cancels: ['i-1'] });
    expect(decision.endsDrained).toBe(true);
    expect(decision.adjustments).toEqual([]);
  });

  it('ends one that answered at its deadline, whatever it has in hand or says no more', () => {
    const { state } = look(wanting(3), told.state, { draining: says(1), at: 2000 });
    for (const inHand of [1, null]) {
      const before = look(wanting(3), state, { draining: says(inHand), at: withinMs - 1 });
      expect(before.decision.acts).toBe(false);
      const after = look(wanting(3), state, { draining: says(inHand), at: withinMs });
      expect(after.decision).toMatchObject({ to: 3, cancels: ['i-1'], endsDrained: true });
    }
  });

  it('calls off what is not answered, counts it again, and leaves it alone for a while', () => {
    const deaf = { draining: says(null, false), busy: four };
    const at = drainAnswerMs + 1;
    const late = look(wanting(3), told.state, { ...deaf, at });
    expect(late.decision).toMatchObject({ acts: false, callsOff: ['i-1'], drains: ['i-2'] });
    const never = look(wanting(3), told.state, { draining: says(null, false), at });
    expect(never.decision.adjustments.map(({ reason }) => reason.code)).toEqual(['busy-instances']);
    const one = { busy: ['i-1'], draining: says(null, false) };
    const soon = look(wanting(3), never.state, { ...one, at: at + 1000 });
    expect(soon.decision.drains).toBeUndefined();
    const still = look(wanting(3), soon.state, { ...one, at: at + drainRetryMs - 1000 });
    expect(still.decision.drains).toBeUndefined();
    const later = look(wanting(3), still.state, { ...one, at: at + drainRetryMs });
    expect(later.decision.drains).toEqual(['i-1']);
  });

  it('is not made up of instances that hear no command, nor in a group that waits', () => {
    const { decision } = look(wanting(3), initialState, { deaf: 4 });
    expect(decision).toMatchObject({ kind: 'hold', acts: false });
    expect(explain(decision).summary).toBe(
      'hold at 4: 0 instances have no work in hand, and the others end theirs first (4 hear no command to drain) (without that: 3)',
    );
    const { drainWithinMs: _, ...waiting } = wanting(3);
    const { decision: held } = look(waiting, initialState, { busy: four });
    expect(held.drains).toBeUndefined();
    expect(held.adjustments.map(({ reason }) => reason.code)).toEqual(['busy-instances']);
  });

  it('forgets one that is gone by itself', () => {
    const { state } = look(wanting(3), told.state, { desired: 3, at: 5000 });
    expect(state.draining).toBeUndefined();
  });

  it('launches in its place what is needed again, and goes on to end it', () => {
    const back = look(wanting(4), told.state, { draining: says(1), at: 5000 });
    expect(back.decision).toMatchObject({ kind: 'scale-out', from: 4, to: 5, wanted: 4 });
    const concluded = conclude(back.state, back.decision, accepted, startMs + 5100);
    const capacity = { desired: 5, draining: says(0), at: 9000 };
    const after = look(wanting(4), concluded, capacity);
    expect(after.decision).toMatchObject({ from: 5, to: 4, cancels: ['i-1'] });
  });

  it('keeps within the bounds, in which those that drain are counted', () => {
    const tight = wanting(4, { max: 4 });
    const { decision } = look(tight, told.state, { draining: says(1), at: 5000 });
    expect(decision).toMatchObject({ kind: 'hold', from: 4, to: 4, wanted: 4 });
    expect(explain(decision).summary).toContain('the bounds are 0 to 4, and 1 of these drain');
  });

  it.each<[string, Partial<Group>, Partial<Observation>]>([
    ['the mode does not allow it', { mode: 'scale-out-only' }, {}],
    ['the mode only advises', { mode: 'advise' }, {}],
    ['the journal cannot be written', {}, { isJournalWritable: false }],
    ['another controller holds the group', {}, { heldBy: 'b' }],
    [
      'somebody paused the group',
      {},
      { overrides: [{ kind: 'pause', until: null, by: 'ada', why: 'test' }] },
    ],
    [
      'nothing may be removed for a time',
      {},
      { freezes: [{ name: 'sale', direction: 'scale-in', until: startMs + 1e9 }] },
    ],
  ])('is not brought to its end while %s', (_, changed, more) => {
    const at = withinMs + 1;
    const { state } = look(wanting(3), told.state, { draining: says(1), at: 2000 });
    const held = look(wanting(3, changed), state, { draining: says(0), at, more });
    expect(held.decision.acts).toBe(false);
    const stale = sight({ draining: says(0), at: 0 });
    expect(decide(wanting(3), state, stale, startMs + at).decision.acts).toBe(false);
    expect(look(wanting(3), state, { draining: says(0), at }).decision.acts).toBe(true);
  });

  it('says who drains, since when and until when', () => {
    const begun = explain(told.decision);
    expect(begun.summary).toBe('hold at 4, telling i-1 to drain: its size is 3');
    const { decision } = look(wanting(3), told.state, { draining: says(1), at: 30_000 });
    const { summary, details } = explain(decision);
    expect(summary).toBe('hold at 4, 1 of them draining: its size is 3');
    expect(details).toContain(
      'i-1 was told to drain 30 s ago; it is ended when it has no work in hand, and in 9.5 min at the latest',
    );
    const input = { group: wanting(3), before: initialState, observation: sight({ busy: four }) };
    expect(findObstacles({ ...input, at: startMs }, 'scale-in').isDecided).toBe(true);
  });
});

/** What becomes of a group over a while: sizes wanted, answers heard, workers done; and AWS obeys. */
const steps = fc.array(
  fc.record({
    size: fc.integer({ min: 0, max: 6 }),
    afterMs: fc.constantFrom(1000, 5000, 40_000, 700_000),
    // Of each instance by its number: whether it is idle, answers, and ends its work.
    idle: fc.integer({ min: 0, max: 255 }),
    answers: fc.integer({ min: 0, max: 255 }),
    isTaken: fc.boolean(),
  }),
  { minLength: 5, maxLength: 40 },
);

interface Ended {
  readonly decision: Decision;
  readonly observation: Observation;
  readonly before: GroupState;
}

function play(course: readonly Step[]) {
  let state = initialState;
  let now = startMs;
  let next = 5;
  let instances = four;
  const ended: Ended[] = [];
  const sizes: { readonly effective: number; readonly smallest: number }[] = [];
  const journal: RecordedEntry[] = [{ kind: 'snapshot', at: now, state, config: wanting(4) }];
  let smallest = 4;
  for (const { size, afterMs, idle, answers, isTaken } of course) {
    now += afterMs;
    const group = wanting(size);
    const isSet = (mask: number, instance: string): boolean =>
      (mask & (1 << (Number(instance.slice(2)) % 8))) !== 0;
    const known = new Set(state.draining?.map(({ instance }) => instance));
    const staying = instances.filter((instance) => !known.has(instance));
    const observation = sight({
      desired: instances.length,
      at: now - startMs,
      idle: staying.filter((instance) => isSet(idle, instance)),
      busy: staying.filter((instance) => !isSet(idle, instance)),
      draining: instances
        .filter((instance) => known.has(instance))
        .map((instance) => ({
          instance,
          isDraining: isSet(answers, instance),
          inHand: isSet(answers, instance) && isSet(idle, instance) ? 0 : null,
        })),
    });
    const before = state;
    const { decision, state: after } = decide(group, before, observation, now);
    state = after;
    journal.push({ kind: 'config', at: now, config: group });
    journal.push({ kind: 'tick', at: now, observation, decision });
    smallest = Math.min(smallest, size);
    if (decision.cancels !== undefined) ended.push({ decision, observation, before });
    if (decision.acts) {
      const outcome = isTaken
        ? accepted
        : ({ kind: 'refused', code: 'failed', message: '' } as const);
      const launches = decision.cancels?.map((instance) => ({ instance, outcome }));
      const actuation: Actuation =
        launches === undefined ? outcome : { kind: 'cancelled', launches };
      if (isTaken) {
        instances = instances.filter((instance) => decision.cancels?.includes(instance) !== true);
        while (instances.length < decision.to) instances = [...instances, `i-${next++}`];
      }
      now += 10;
      state = conclude(state, decision, actuation, now);
      journal.push({ kind: 'actuation', at: now, decisionAt: decision.at, actuation });
    }
    const effective = instances.length - listActive(state).length;
    sizes.push({ effective, smallest });
  }
  journal.push({ kind: 'snapshot', at: now, state });
  return { ended, sizes, journal };
}

type Step = typeof steps extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

describe('over any course of events', () => {
  it('ends nobody who works and was not told, answered, and given the time', () => {
    fc.assert(
      fc.property(steps, (course) => {
        for (const { decision, observation, before } of play(course).ended) {
          for (const instance of decision.cancels ?? []) {
            if (decision.endsIdle === true) {
              expect(observation.candidates?.idle).toContain(instance);
              continue;
            }
            const drain = before.draining?.find((one) => one.instance === instance);
            const seen = observation.candidates?.draining?.find((one) => one.instance === instance);
            expect(drain?.isCalledOff).toBe(false);
            const hasAnswered = typeof drain?.saidAt === 'number' || seen?.isDraining === true;
            expect(hasAnswered).toBe(true);
            const isOver = decision.at >= (drain?.until ?? Number.POSITIVE_INFINITY);
            expect(seen?.inHand === 0 || isOver).toBe(true);
          }
        }
      }),
    );
  });

  it('never takes more away than was decided', () => {
    fc.assert(
      fc.property(steps, (course) => {
        for (const { effective, smallest } of play(course).sizes) {
          expect(effective).toBeGreaterThanOrEqual(smallest);
        }
      }),
    );
  });

  it('replays from the journal without a difference', () => {
    fc.assert(
      fc.property(steps, (course) => {
        const { journal } = play(course);
        const read = JSON.parse(JSON.stringify(journal)) as readonly RecordedEntry[];
        const { report } = read.reduce(replayEntry, beginReplay(null));
        expect(report).toMatchObject({ ticks: course.length, snapshots: 1, differences: 0 });
      }),
    );
  });
});
