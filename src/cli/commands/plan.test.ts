import { describe, expect, it } from 'vitest';
import type { ToldForecast } from '../../controller/ports/forecast.ts';
import { planCapacity } from '../../core/forecasting/capacity-plan.ts';
import { describePlan, drawSpark } from './plan.ts';

const forecast: ToldForecast = {
  group: 'web',
  isUsable: true,
  code: 'ok',
  signal: 'cpu',
  start: 1_768_469_400_000,
  stepMs: 300_000,
  levels: [0.1, 0.5, 0.9],
  quantiles: Array.from({ length: 288 }, (_, step) => {
    const demand = 6 + 4 * Math.sin((2 * Math.PI * step) / 288);
    return [demand * 0.9, demand, demand * 1.1];
  }),
  experts: [],
  fitted: [],
  scorecard: [],
  seasonsMs: [],
  historyMs: 14 * 86_400_000,
  demand: 6,
  sizing: {
    perInstance: 0.6,
    basis: 'target',
    leadMs: 180_000,
    isLeadLearned: false,
    pricePerInstanceHour: 0.1,
    min: 2,
    max: 16,
    desired: 10,
  },
};

function tell(changes: Partial<ToldForecast> = {}): string {
  const told = { ...forecast, ...changes };
  return describePlan(told, planCapacity({ ...told, ...told.sizing, sizingLevel: 0.9 }));
}

describe('foretide plan', () => {
  it('tells an hour a row, the launches ahead of their need, and the cost', () => {
    const text = tell();
    expect(text).toContain('web, the next 24 h of cpu: from 14 days of history');
    expect(text.split('\n').filter((line) => /^ {2}\d\d:\d\d {2}/.test(line))).toHaveLength(25);
    expect(text).toContain('16 (max, too few)');
    expect(text).toMatch(/instance-hours, \$\d+\.\d\d/);
    expect(text).toContain('launches, each its lead (180 s, not learned yet) ahead:');
    expect(text).toMatch(/ {2}[▁-█]{72} {2}expected demand/u);
  });

  it('tells five minutes a row where it is asked for few hours', () => {
    const text = tell({ quantiles: forecast.quantiles.slice(0, 12) });
    expect(text.split('\n').filter((line) => /^ {2}\d\d:\d\d {2}/.test(line))).toHaveLength(12);
  });

  it('says what it does not know', () => {
    const none = { isUsable: false, quantiles: [] };
    expect(tell({ ...none, code: 'too-little-history', historyMs: 20_000 })).toContain(
      'nothing can be said from 0 min of history; foretide history import brings more',
    );
    expect(tell({ ...none, code: 'still-learning' })).toContain('try again in a minute');
    expect(tell({ code: 'short-history', historyMs: 3 * 3_600_000 })).toContain(
      'only 3 h of history, so that nothing is known of the time of day yet',
    );
    const unsized = { ...forecast.sizing, perInstance: null, basis: null };
    expect(tell({ sizing: unsized })).toContain('instances are not told');
    const unpriced = { ...forecast.sizing, pricePerInstanceHour: null };
    expect(tell({ sizing: unpriced })).toContain('no price is known');
  });

  it('tells what waits in a warm pool, and what that costs', () => {
    const explanation = 'warm pool: 14 prepared: a start from it takes 31 s, a cold one 118 s';
    const text = tell({ warmPool: { explanation, waiting: 4, perHour: 0.0035 } });
    expect(text).toContain(explanation);
    expect(text).toContain(
      'waiting now: 4; $0.0035 an hour for those at rest, $0.08 over these 24 h',
    );
    expect(tell({ warmPool: { explanation, waiting: 4, perHour: null } })).toContain(
      'waiting now: 4; no price is known for its instances',
    );
    expect(tell()).not.toContain('waiting now');
  });

  it('draws demand from nothing to the highest', () => {
    expect(drawSpark([0, 1, 2, 4, 7])).toBe('▁▂▃▅█');
    expect(drawSpark([0, 0])).toBe('▁▁');
    expect(drawSpark(Array.from({ length: 576 }, () => 1))).toHaveLength(72);
  });
});
