// What holds of the whole decision in a world that answers: instances take their time to boot,
// launches are cancelled one by one, calls are refused or lost.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actuate,
  anyActuation,
  anyGlimpse,
  anyGroup,
  makeGroup,
  observe,
  startMs,
  type Glimpse,
} from '../../test/arbitraries/core.ts';
import type { Actuation, CallOutcome } from './actuation.ts';
import { conclude } from './conclude.ts';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import type { Group } from './group.ts';
import type { Policy } from './policies/policy.ts';
import { selectSignal } from './signal.ts';
import { initialState, type GroupState } from './state.ts';

const tickMs = 1000;

/** At most so many instances: the load is their sum, and the group follows it as fast as it may. */
const follow: Policy = {
  type: 'target-tracking',
  name: 'load',
  selector: selectSignal('connections', 'sum', 1000),
  target: 1,
  tolerance: { scaleOutRatio: 0, scaleInRatio: 0 },
};

interface Change {
  readonly at: number;
  readonly by: number;
}

interface Second {
  readonly load: number;
  readonly outcome: 'accepted' | 'refused' | 'lost';
}

/** Instances in service and on their way; which calls arrive and which only seem to fail. */
class LaunchingWorld {
  inService = 10;
  readonly changes: Change[] = [];
  #launches: { readonly id: string; readonly readyAt: number }[] = [];
  #launched = 0;
  readonly #bootMs: number;

  constructor(bootMs: number) {
    this.#bootMs = bootMs;
  }

  glimpse(load: number, now: number): Glimpse {
    const ready = this.#launches.filter(({ readyAt }) => readyAt <= now);
    this.#launches = this.#launches.filter(({ readyAt }) => readyAt > now);
    this.inService += ready.length;
    return {
      desired: this.inService + this.#launches.length,
      inService: this.inService,
      pending: this.#launches.length,
      silent: 0,
      warming: 0,
      values: { cpu: null, connections: load },
      isConnected: true,
      isJournalWritable: true,
      isHeld: true,
      describedAgoMs: 0,
      overrides: [],
      asgMin: 0,
      asgMax: 1000,
    };
  }

  /** Newest first. */
  pendingIds(): readonly string[] {
    return this.#launches.map(({ id }) => id).toReversed();
  }

  /** Every second lost call was carried out. */
  act(decision: Decision, outcome: Second['outcome'], now: number): Actuation {
    const { cancels, from, to } = decision;
    if (cancels === undefined) {
      const [answer, isDone] = this.#answer(outcome, now);
      if (isDone) this.#resize(to - from, now);
      return answer;
    }
    const launches = cancels.map((instance, index) => {
      const [answer, isDone] = this.#answer(index % 2 === 0 ? outcome : 'accepted', now + index);
      if (isDone) {
        this.#launches = this.#launches.filter(({ id }) => id !== instance);
        this.changes.push({ at: now, by: -1 });
      }
      return { instance, outcome: answer };
    });
    return { kind: 'cancelled', launches };
  }

  #answer(outcome: Second['outcome'], now: number): readonly [CallOutcome, boolean] {
    if (outcome === 'accepted') return [{ kind: 'accepted' }, true];
    if (outcome === 'refused') {
      return [{ kind: 'refused', code: 'in-progress', message: 'busy' }, false];
    }
    return [{ kind: 'unknown', message: 'lost' }, Math.floor(now / tickMs) % 2 === 0];
  }

  #resize(by: number, now: number): void {
    this.changes.push({ at: now, by });
    if (by < 0) this.inService += by;
    for (let count = 0; count < by; count += 1) {
      this.#launched += 1;
      this.#launches.push({ id: `i-${this.#launched}`, readyAt: now + this.#bootMs });
    }
  }
}

function live(group: Group, seconds: readonly Second[], bootMs: number): LaunchingWorld {
  const world = new LaunchingWorld(bootMs);
  let state: GroupState = initialState;
  for (const [index, { load, outcome }] of seconds.entries()) {
    const now = startMs + index * tickMs;
    const seen = observe(group, world.glimpse(load, now), now);
    const pending = world.pendingIds();
    const observation = { ...seen, ...(pending.length > 0 && { candidates: { pending } }) };
    const decided = decide(group, state, observation, now);
    state = decided.state;
    if (!decided.decision.acts) continue;
    const actuation = world.act(decided.decision, outcome, now + 10);
    state = conclude(state, decided.decision, actuation, now + 10);
  }
  return world;
}

const anySeconds = fc.array(
  fc.record({
    load: fc.nat(60),
    outcome: fc.constantFrom<Second['outcome']>('accepted', 'accepted', 'refused', 'lost'),
  }),
  { minLength: 20, maxLength: 120 },
);
const anyBoot = fc.constantFrom(0, 3000, 20_000);

describe('a group, under any load and with any fate of its calls,', () => {
  it('never changes by more than its rate, cancelled launches included', () => {
    const anyRate = fc.record({
      instances: fc.constantFrom(1, 4, 15),
      ratio: fc.constant(null),
      periodMs: fc.constantFrom(5000, 30_000),
    });
    fc.assert(
      fc.property(anyRate, anySeconds, anyBoot, (rate, seconds, bootMs) => {
        const group = makeGroup([follow], { rate: { scaleOut: rate, scaleIn: rate } });
        const { changes } = live(group, seconds, bootMs);
        for (const { at: end } of changes) {
          const inside = changes.filter(({ at }) => at > end - rate.periodMs && at <= end);
          const sum = (sign: number): number =>
            inside.reduce((total, { by }) => total + Math.max(0, sign * by), 0);
          expect(sum(1)).toBeLessThanOrEqual(rate.instances);
          expect(sum(-1)).toBeLessThanOrEqual(rate.instances);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('never turns round, nor goes on, sooner than its cooldowns', () => {
    const anyCooldown = fc.record({
      scaleOutMs: fc.constantFrom(0, 4000, 15_000),
      scaleInMs: fc.constantFrom(4000, 15_000),
    });
    fc.assert(
      fc.property(anyCooldown, anySeconds, anyBoot, (cooldown, seconds, bootMs) => {
        const { changes } = live(makeGroup([follow], { cooldown }), seconds, bootMs);
        for (const [index, { at, by }] of changes.entries()) {
          const earlier = changes.slice(0, index).filter((one) => one.at < at);
          // A cooldown begins with the decision or with its outcome, 10 ms apart.
          const before = earlier.findLast((one) => by < 0 || one.by > 0);
          if (before === undefined) continue;
          const waitMs = by < 0 ? cooldown.scaleInMs : cooldown.scaleOutMs;
          expect(at - before.at).toBeGreaterThanOrEqual(waitMs - tickMs);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('has the size that was asked for once its calls arrive again', () => {
    fc.assert(
      fc.property(anySeconds, anyBoot, fc.integer({ min: 1, max: 60 }), (seconds, bootMs, load) => {
        const calm = Array.from({ length: 60 }, () => ({ load, outcome: 'accepted' }) as const);
        expect(live(makeGroup([follow]), [...seconds, ...calm], bootMs).inService).toBe(load);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a decision', () => {
  it('is never for fewer at more load, whatever came before and whatever limits it', () => {
    const anyPast = fc.array(fc.record({ glimpse: anyGlimpse, actuation: anyActuation }), {
      maxLength: 10,
    });
    const factor = fc.double({ min: 1, max: 4, noNaN: true });
    fc.assert(
      fc.property(anyGroup, anyPast, anyGlimpse, factor, (group, past, glimpse, more) => {
        // What was advised already is not advised again, be it more or less.
        fc.pre(group.mode !== 'advise');
        let state = initialState;
        let now = startMs;
        for (const moment of past) {
          const { state: next, decision } = decide(
            group,
            state,
            observe(group, moment.glimpse, now),
            now,
          );
          state = decision.acts
            ? conclude(next, decision, actuate(decision, moment.actuation), now + 10)
            : next;
          now += 10_000;
        }
        const scale = (value: number | null): number | null => value && value * more;
        const { cpu, connections } = glimpse.values;
        const busier = { ...glimpse, values: { cpu: scale(cpu), connections: scale(connections) } };
        const less = decide(group, state, observe(group, glimpse, now), now).decision;
        const greater = decide(group, state, observe(group, busier, now), now).decision;
        expect(greater.to).toBeGreaterThanOrEqual(less.to);
      }),
      { numRuns: 500 },
    );
  });
});
