import { describe, expect, it } from 'vitest';
import { observe, startMs, type Glimpse } from '../../../test/arbitraries/core.ts';
import { counterfactuals } from '../counterfactuals.ts';
import { decide } from '../decide.ts';
import type { Decision } from '../decision.ts';
import { explain } from '../explain.ts';
import type { Group } from '../group.ts';
import type { Observation } from '../observation.ts';
import { selectSignal } from '../signal.ts';
import { initialState } from '../state.ts';

const now = startMs;
const hourMs = 3_600_000;

const group: Group = {
  name: 'web',
  mode: 'active',
  min: 1,
  max: 50,
  warmupMs: 0,
  cooldown: { scaleOutMs: 0, scaleInMs: 0 },
  stabilization: { scaleOutMs: 0, scaleInMs: 0 },
  minReportingRatio: 0.5,
  policies: [
    {
      type: 'target-tracking',
      name: 'cpu',
      selector: selectSignal('cpu', 'mean', 1000),
      target: 0.5,
      tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
    },
  ],
};

/** Ten instances; at a cpu of 1 the policy wants 20, at 0.2 it wants 4. */
function look(cpu: number | null, beyond: Partial<Observation> = {}): Observation {
  const glimpse: Glimpse = {
    desired: 10,
    inService: 10,
    pending: 0,
    silent: 0,
    warming: 0,
    values: { cpu, connections: 0 },
    isConnected: true,
    isJournalWritable: true,
    isHeld: true,
    describedAgoMs: 0,
    overrides: [],
    asgMin: 0,
    asgMax: 100,
  };
  return { ...observe(group, glimpse, now), ...beyond };
}

function decideOn(observation: Observation, settings: Partial<Group> = {}): Decision {
  return decide({ ...group, ...settings }, initialState, observation, now).decision;
}

const hot = 1;
const cold = 0.2;

describe('a budget', () => {
  const spending = {
    pricePerInstanceHour: 0.1,
    monthToDate: 360,
    monthStartedAt: now - 360 * hourMs,
    monthEndsAt: now + 360 * hourMs,
  };

  it('adds what an hour may cost and no more', () => {
    const budget = { perHour: 1.5, perMonth: null };
    const decision = decideOn(look(hot, { spending }), { budget });
    expect(decision).toMatchObject({ kind: 'scale-out', wanted: 20, to: 15 });
    expect(decision.adjustments[0]?.reason.code).toBe('budget-hour');
  });

  it('adds nothing that the month could not carry to its end', () => {
    const budget = { perHour: null, perMonth: 720 };
    const decision = decideOn(look(hot, { spending }), { budget });
    expect(decision).toMatchObject({ kind: 'hold', to: 10 });
    expect(decision.adjustments[0]?.reason).toMatchObject({ code: 'budget-month', forecast: 720 });
    const roomy = { perHour: null, perMonth: 732 };
    expect(decideOn(look(hot, { spending }), { budget: roomy }).to).toBe(15);
  });

  it('removes nothing, however much is spent', () => {
    const budget = { perHour: 0.1, perMonth: 1 };
    expect(decideOn(look(0.5, { spending }), { budget }).kind).toBe('hold');
  });

  it('limits nothing once the month is over, and says so where no price is known', () => {
    const over = { ...spending, monthEndsAt: now - 1 };
    const budget = { perHour: null, perMonth: 1 };
    expect(decideOn(look(hot, { spending: over }), { budget }).to).toBe(20);
    const unknown = decideOn(look(hot), { budget });
    expect(unknown).toMatchObject({ to: 20, notices: [{ code: 'budget-unknown' }] });
  });
});

describe('a freeze', () => {
  const until = now + hourMs;

  it.each([
    ['both', 10, 10],
    ['scale-out', 10, 4],
    ['scale-in', 20, 10],
  ] as const)('of %s holds that back', (direction, whenHot, whenCold) => {
    const freezes = [{ name: 'sale', direction, until }];
    expect(decideOn(look(hot, { freezes })).to).toBe(whenHot);
    expect(decideOn(look(cold, { freezes })).to).toBe(whenCold);
  });

  it('is over at its end, and lets a person pass', () => {
    const freezes = [{ name: 'sale', direction: 'both', until: now }] as const;
    expect(decideOn(look(hot, { freezes })).to).toBe(20);
    const set = { kind: 'set', desired: 12, until: null, by: 'ada', why: 'x' } as const;
    const frozen = look(hot, { freezes: [{ ...freezes[0], until }], overrides: [set] });
    expect(decideOn(frozen).to).toBe(12);
  });
});

describe('the minimum healthy share', () => {
  it('leaves so many that the share is healthy even if only healthy ones are removed', () => {
    const observation = look(cold, { unhealthy: 1 });
    expect(decideOn(observation, { minHealthyRatio: 0.5 }).to).toBe(4);
    expect(decideOn(observation, { minHealthyRatio: 0.8 }).to).toBe(5);
    expect(decideOn(observation, { minHealthyRatio: 1 }).to).toBe(10);
    expect(decideOn(look(cold), { minHealthyRatio: 1 }).to).toBe(4);
  });

  it('holds nothing back that is added', () => {
    expect(decideOn(look(hot, { unhealthy: 10 }), { minHealthyRatio: 1 }).to).toBe(20);
  });
});

describe('a change that someone else made', () => {
  const raised = { what: 'desired', from: 4, to: 10, at: now - 5000, by: null } as const;
  const foreignChanges = [raised];

  it('is not undone until it has settled, when yielding', () => {
    const coexistence = { reaction: 'yield', settleMs: 60_000 } as const;
    const held = decideOn(look(cold, { foreignChanges }), { coexistence });
    expect(held).toMatchObject({ kind: 'hold', notices: [{ code: 'foreign-change' }] });
    expect(decideOn(look(hot, { foreignChanges }), { coexistence }).to).toBe(20);
    const settled = [{ ...raised, at: now - 60_000 }];
    expect(decideOn(look(cold, { foreignChanges: settled }), { coexistence }).to).toBe(4);
  });

  it('is only said when warning, and not even that when owning', () => {
    const observation = look(cold, { foreignChanges });
    const warn = { reaction: 'warn', settleMs: 60_000 } as const;
    const warned = decideOn(observation, { coexistence: warn });
    expect(warned).toMatchObject({ to: 4, notices: [{ what: 'desired', from: 4, to: 10 }] });
    expect(explain(warned).details.at(-1)).toBe(
      'notice: someone else changed desired from 4 to 10 5 s ago',
    );
    const owned = decideOn(observation, { coexistence: { ...warn, reaction: 'own' } });
    expect(owned.notices).toBeUndefined();
  });
});

describe('failed launches', () => {
  const failures = { inARow: 2, lastAt: now - 30_000, cause: 'no capacity' };

  it('stop what is asked for beyond, and say so', () => {
    const decision = decideOn(look(hot, { launchFailures: failures }));
    expect(decision.kind).toBe('hold');
    expect(explain(decision).summary).toBe(
      'hold at 10: the last 2 launches failed (no capacity); more is asked for in 30 s (without that: 20)',
    );
    expect(decision.notices).toHaveLength(1);
  });

  it('stop neither removals nor, after the wait, another try', () => {
    expect(decideOn(look(cold, { launchFailures: failures })).to).toBe(4);
    const earlier = { ...failures, lastAt: now - 60_000 };
    expect(decideOn(look(hot, { launchFailures: earlier })).to).toBe(20);
  });

  it('are waited for longer and longer, to a limit', () => {
    const many = { ...failures, inARow: 1000, lastAt: now - 599_000 };
    expect(decideOn(look(hot, { launchFailures: many })).kind).toBe('hold');
    const past = { ...many, lastAt: now - 600_000 };
    expect(decideOn(look(hot, { launchFailures: past })).to).toBe(20);
  });
});

describe('someone who holds a size at least', () => {
  const hold = { kind: 'hold', atLeast: 14, until: null, by: 'ada', why: 'launch' } as const;

  it('has at least that, and more if the policies want more', () => {
    const decision = decideOn(look(cold, { overrides: [hold] }));
    expect(decision).toMatchObject({ kind: 'scale-out', to: 14 });
    expect(explain(decision).details[0]).toBe(
      'override asks for at least 14: ada holds at least 14: launch',
    );
    expect(decideOn(look(hot, { overrides: [hold] })).to).toBe(20);
  });

  it('passes a cooldown and a rate, but not a pause', () => {
    const rate = { scaleOut: { instances: 1, ratio: null, periodMs: 60_000 } };
    expect(decideOn(look(hot, { overrides: [hold] }), { rate }).to).toBe(14);
    const pause = { kind: 'pause', until: null, by: 'bob', why: 'x' } as const;
    expect(decideOn(look(hot, { overrides: [hold, pause] })).kind).toBe('hold');
  });

  it('is not set below by another', () => {
    const set = { kind: 'set', desired: 3, until: null, by: 'bob', why: 'x' } as const;
    expect(decideOn(look(cold, { overrides: [set, hold] })).to).toBe(14);
  });
});

describe('without one of the guardrails', () => {
  it('is said what would have been decided, all others standing', () => {
    const rate = { scaleOut: { instances: 6, ratio: null, periodMs: 60_000 } };
    const limited = { ...group, rate, max: 12 };
    const observation = look(hot);
    const { decision } = decide(limited, initialState, observation, now);
    const without = counterfactuals(limited, initialState, observation, now);
    expect(without).toEqual([
      { without: 'guardrail', name: 'rate', to: 12 },
      { without: 'guardrail', name: 'size-bounds', to: 16 },
      { without: 'policy', name: 'cpu', to: 10 },
    ]);
    expect(explain(decision, without).details.slice(1)).toEqual([
      'rate makes 16 of 20: at most 6 instances may be added in 60 s, and 0 were (without that: 12)',
      'size-bounds makes 12 of 16: the bounds are 1 to 12 (without that: 16)',
    ]);
  });

  it('has nothing to say of a group that could not be described', () => {
    const blind = { ...look(hot), capacity: null };
    expect(counterfactuals(group, initialState, blind, now)).toEqual([]);
  });
});
