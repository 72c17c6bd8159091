import { describe, expect, it } from 'vitest';
import { evaluate } from '../core/expression.ts';
import { formatConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

function load(...settings: readonly string[]) {
  const lines = settings.map((line) => `    ${line}`);
  const text = ['groups:', '  - name: web', '    max: 9', ...lines].join('\n');
  const outcome = loadConfig(text, 'foretide.yaml');
  if (!outcome.ok) return { errors: outcome.errors.map(formatConfigError) };
  const [group] = outcome.config.groups;
  return { forecast: group?.forecast, policies: group?.group.policies };
}

describe('what demand is made of', () => {
  it('is the CPU of the instances, unless a source is called demand', () => {
    expect(load().forecast).toEqual({ signal: 'cpu', isTotal: false, everyMs: 10_000 });
    const sources = ['sources:', '- { name: demand, type: sqs, queue: jobs }'];
    expect(load(...sources).forecast).toEqual({ signal: 'demand', isTotal: true, everyMs: 5000 });
  });

  it('is the demand that the group states, unless a signal is named', () => {
    const demand = 'demand: connections + 2 * queue';
    expect(load(demand).forecast).toEqual({ signal: 'demand', isTotal: true, everyMs: 10_000 });
    expect(load(demand, 'forecast: { signal: cpu }').forecast?.signal).toBe('cpu');
  });

  it('is a signal of policies: of one instance by itself, in whole within an expression', () => {
    const policy = (signal: string) =>
      load(
        'demand: connections + 2 * queue',
        `policies: [{ type: target-tracking, signal: ${signal}, window: 30s, target: 9 }]`,
      ).policies?.[0];
    const readings = {
      'sum(connections)/30000ms': { value: 60, at: 0, instances: 4 },
      'sum(queue)/30000ms': { value: 20, at: 0, instances: 4 },
    };
    const valueOf = (signal: string) => {
      const one = policy(signal);
      if (one?.type !== 'target-tracking' || one.selector.expression === undefined) return one;
      return evaluate(signal, one.selector.expression, { signals: readings, warmed: 4 });
    };
    expect(valueOf('demand')).toBe(25);
    expect(valueOf('demand - connections')).toBe(40);
    expect(valueOf('(demand + 20) / instances')).toBe(30);
  });

  it('is what the config says: a source, in whole or of a mean instance, or a signal', () => {
    const sources = ['sources:', '- { name: jobs, type: sqs, queue: jobs, every: 30s }'];
    expect(load(...sources, 'forecast: { signal: jobs }').forecast).toEqual({
      signal: 'jobs',
      isTotal: true,
      everyMs: 30_000,
    });
    const perInstance = [
      'sources:',
      '- { name: jobs, type: sqs, queue: jobs, measures: instance }',
    ];
    expect(load(...perInstance, 'forecast: { signal: jobs }').forecast?.isTotal).toBe(false);
    expect(load('forecast: { signal: connections }').forecast).toMatchObject({
      signal: 'connections',
      isTotal: false,
    });
    expect(load('forecast: { signal: 1x }').errors?.[0]).toMatch(/the name of a signal/);
  });
});

describe('a forecast policy in a file', () => {
  it('only tells at first', () => {
    expect(load('policies: [{ type: forecast, target: 60% }]').policies).toEqual([
      {
        type: 'forecast',
        name: 'forecast',
        mode: 'forecast-only',
        target: 0.6,
        leadMs: 300_000,
        maxBreach: { kind: 'honor-max' },
      },
    ]);
  });

  it('may raise the maximum, by 10 % unless it says otherwise', () => {
    const policy = 'type: forecast, target: 100, maxBreach: increase-max';
    expect(load(`policies: [{ ${policy} }]`).policies?.[0]).toMatchObject({
      target: 100,
      maxBreach: { kind: 'increase-max', bufferRatio: 0.1 },
    });
    expect(load(`policies: [{ ${policy}, buffer: 50 }]`).policies?.[0]).toMatchObject({
      maxBreach: { bufferRatio: 0.5 },
    });
  });

  it.each([
    ['{ type: forecast }', /target/],
    ['{ type: forecast, target: 0 }', /a value above 0/],
    ['{ type: forecast, target: 60%, lead: 2h }', /lead/],
    ['{ type: forecast, target: 60%, buffer: 5 }', /buffer with honor-max/],
  ])('refuses %s', (policy, line) => {
    const { errors = [] } = load(`policies: [${policy}]`);
    expect(errors.join('\n')).toMatch(line);
  });
});
