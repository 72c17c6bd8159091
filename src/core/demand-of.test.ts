import { describe, expect, it } from 'vitest';
import type { Decision, Recommendation } from './decision.ts';
import { demandOf } from './demand-of.ts';

function decisionWith(recommendations: readonly Recommendation[]): Decision {
  const size = { from: 10, to: 10, wanted: 10, acts: false } as const;
  return { group: 'web', at: 0, kind: 'hold', ...size, recommendations, adjustments: [] };
}

const tracking: Recommendation = {
  kind: 'desired',
  policy: 'cpu',
  desired: 9,
  reason: { code: 'target-tracking', signal: 'cpu', value: 0.45, target: 0.6, instances: 12 },
};

describe('the demand behind a decision', () => {
  it('is what is offered over what an instance can do, where the policy knows both', () => {
    const reason = {
      code: 'demand',
      demand: 1226,
      capacityPerInstance: 100,
      leadMs: 45_000,
      add: 11,
      keep: 13,
      riskRatio: 0.035,
      isForecast: true,
    } as const;
    const demand = { kind: 'desired', policy: 'demand', desired: 13, reason } as const;
    expect(demandOf(decisionWith([demand]))).toBeCloseTo(12.26, 12);
  });

  it('is what a target needs, in fractions of an instance', () => {
    expect(demandOf(decisionWith([tracking]))).toBeCloseTo(9, 12);
    const near = { value: 0.63, target: 0.6, toleranceRatio: 0.1, signal: 'cpu' } as const;
    const within: Recommendation = {
      kind: 'desired',
      policy: 'cpu',
      desired: 10,
      reason: { code: 'within-tolerance', ...near },
    };
    expect(demandOf(decisionWith([within]))).toBeCloseTo(10.5, 12);
  });

  it('is the largest of several, and none of a calendar or a person', () => {
    const reason = { code: 'schedule', kind: 'min', size: 30, until: 1 } as const;
    const planned: Recommendation = { kind: 'desired', policy: 'plan', desired: 30, reason };
    expect(demandOf(decisionWith([tracking, planned]))).toBeCloseTo(9, 12);
    expect(demandOf(decisionWith([planned]))).toBeNull();
    expect(demandOf(decisionWith([]))).toBeNull();
  });

  it('is no number that nobody can draw', () => {
    const reason = { ...tracking.reason, target: 0 } as Extract<
      Recommendation,
      { kind: 'desired' }
    >['reason'];
    expect(demandOf(decisionWith([{ ...tracking, reason } as Recommendation]))).toBeNull();
  });
});
