// A demand policy that promises a latency: what it says where the promise cannot be reckoned.

import { describe, expect, it } from 'vitest';
import { createDemandModel, noteSample, noteService } from '../demand/demand-model.ts';
import type { DemandModel } from '../demand/demand-model.ts';
import { followDemand } from './demand.ts';
import type { DemandPolicy } from './policy.ts';

const policy: DemandPolicy = {
  type: 'demand',
  name: 'demand',
  violationRatio: 0.005,
  latency: { promiseMs: 200, tailRatio: 0.05, service: { kind: 'signal', signal: 'renderMs' } },
  isForecasting: false,
  staleAfterMs: 30_000,
};

/** Ten minutes of 120 a second on instances that do 20, with what a request is served for. */
function live(serviceMs: number | null, isPlain = false): DemandModel {
  const { latency, ...plain } = policy;
  const model = createDemandModel(isPlain ? plain : { ...plain, ...(latency && { latency }) });
  for (let second = 1; second <= 600; second += 1) {
    if (serviceMs !== null) noteService(model, serviceMs);
    noteSample(model, { at: second * 1000, load: 120, busyRatio: 0.75, instances: 8 });
  }
  return model;
}

function ask(model: DemandModel) {
  const seen = {
    current: 8,
    warmed: 8,
    warming: 0,
    signals: {},
    schedules: {},
    ...(model.reading !== null && { demand: model.reading }),
    now: 600_000,
    canWake: false,
  };
  return followDemand(policy, seen).recommendation;
}

describe('a promise of latency', () => {
  it('asks for more than the capacity alone would, and says for what', () => {
    const recommendation = ask(live(50));
    expect(recommendation).toMatchObject({
      kind: 'desired',
      reason: { latency: { promiseMs: 200, tailRatio: 0.05, serviceMs: 50 } },
    });
    expect(live(50).reading?.keep).toBeGreaterThan(live(50, true).reading?.keep ?? 0);
  });

  it('abstains without a service time, and names what is missing', () => {
    expect(ask(live(null))).toMatchObject({
      kind: 'abstain',
      blocksScaleIn: true,
      reason: { code: 'latency-unknown', signal: 'renderMs' },
    });
    expect(ask(live(Number.NaN))).toMatchObject({ kind: 'abstain' });
    expect(ask(live(-5))).toMatchObject({ kind: 'abstain' });
  });

  it('abstains where a request served alone takes longer', () => {
    expect(ask(live(150))).toMatchObject({
      kind: 'abstain',
      blocksScaleIn: true,
      reason: { code: 'latency-unreachable', serviceMs: 150 },
    });
  });
});
