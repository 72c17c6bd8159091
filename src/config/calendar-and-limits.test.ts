import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import type { GroupConfig } from './config.ts';
import { loadConfig } from './load-config.ts';
import { readCalendar } from './read-calendar.ts';

function loadGroup(settings: string): GroupConfig {
  const outcome = loadConfig(`groups: [{name: web, max: 9, ${settings}}]`, 'f.yaml');
  if (!outcome.ok) throw new Error(outcome.errors.map(formatConfigError).join('\n'));
  const [group] = outcome.config.groups;
  if (group === undefined) throw new Error('no group');
  return group;
}

describe('limits', () => {
  it('are those of the core', () => {
    const { group } = loadGroup(
      'rate: {scaleOut: {instances: 4, percent: 150%, period: 1m}, scaleIn: {percent: 10%, period: 5m}}, ' +
        'budget: {perMonth: 4000}, minHealthy: 90%, coexistence: {settle: 5m}',
    );
    expect(group).toMatchObject({
      rate: {
        scaleOut: { instances: 4, ratio: 1.5, periodMs: 60_000 },
        scaleIn: { instances: null, ratio: 0.1, periodMs: 300_000 },
      },
      budget: { perHour: null, perMonth: 4000 },
      minHealthyRatio: 0.9,
      coexistence: { reaction: 'yield', settleMs: 300_000 },
    });
  });

  it('are absent where nothing is said', () => {
    const { group } = loadGroup('min: 1');
    expect(group).not.toHaveProperty('rate');
    expect(group).not.toHaveProperty('budget');
  });
});

describe('policies', () => {
  it('may be forbidden a direction, and have a veto', () => {
    const { group } = loadGroup(
      'policies: [{type: fixed, size: 3, scaleIn: forbid, veto: tier}, {type: fixed, size: 4}]',
    );
    expect(group.policies).toEqual([
      { type: 'fixed', name: 'fixed(3)', size: 3, forbids: 'scale-in', veto: 'tier' },
      { type: 'fixed', name: 'fixed(4)', size: 4 },
    ]);
  });

  it('may track several signals', () => {
    const { group } = loadGroup(
      'policies: [{type: target-tracking, signals: [{signal: cpu, target: 60%}, {signal: connections, statistic: sum, target: 500}]}]',
    );
    expect(group.policies).toMatchObject([
      {
        name: 'target-tracking(cpu, connections)',
        selector: { key: 'mean(cpu)/1000ms' },
        target: 0.6,
        others: [{ selector: { key: 'sum(connections)/1000ms' }, target: 500 }],
      },
    ]);
  });

  it('may look at an expression, over sums if nothing else is said', () => {
    const { group } = loadGroup(
      `policies: [{type: target-tracking, signal: "(connections + -2 * max('queue:jobs', 1)) / instances", target: 100, window: 10s}]`,
    );
    const [policy] = group.policies;
    const connections = { kind: 'signal', selector: { key: 'sum(connections)/10000ms' } };
    const jobs = { kind: 'signal', selector: { key: 'sum(queue:jobs)/10000ms' } };
    const zero = { kind: 'number', value: 0 };
    const minusTwo = { left: zero, operator: '-', right: { value: 2 } };
    const most = { kind: 'max', of: [jobs, { value: 1 }] };
    expect(policy).toMatchObject({
      name: `target-tracking((connections + -2 * max('queue:jobs', 1)) / instances)`,
      selector: {
        statistic: 'mean',
        expression: {
          left: { operator: '+', left: connections, right: { left: minusTwo, right: most } },
          operator: '/',
          right: { kind: 'instances' },
        },
      },
    });
  });
});

describe('a calendar', () => {
  const { calendar } = loadGroup(
    'policies: [{type: schedule, timeZone: Europe/Berlin, windows: [' +
      '{from: 2026-11-27 09:00, until: 2026-11-27 23:00, lead: 20m, min: 50}, ' +
      '{cron: "0 8 * * 1-5", duration: 10h, min: 10}]}], ' +
      'freezes: [{name: sale, direction: scale-in, from: 2026-11-27 00:00, until: 2026-11-28 00:00}]',
  );
  const at = (time: string) => readCalendar(calendar, Date.parse(time));

  it('says which window holds, the first in the file before others', () => {
    expect(at('2026-11-26T12:00:00Z').schedules).toEqual({
      schedule: {
        active: {
          kind: 'min',
          size: 10,
          from: Date.parse('2026-11-26T07:00:00Z'),
          until: Date.parse('2026-11-26T17:00:00Z'),
        },
        next: {
          kind: 'min',
          size: 10,
          from: Date.parse('2026-11-27T07:00:00Z'),
          until: Date.parse('2026-11-27T17:00:00Z'),
        },
      },
    });
    expect(at('2026-11-27T07:39:59Z').schedules['schedule']?.active?.size).toBe(10);
    expect(at('2026-11-27T07:40:00Z').schedules['schedule']?.active?.size).toBe(50);
  });

  it('says which freezes are in force', () => {
    expect(at('2026-11-26T23:59:59Z').freezes).toEqual([]);
    const until = Date.parse('2026-11-28T00:00:00Z');
    expect(at('2026-11-27T00:00:00Z').freezes).toEqual([
      { name: 'sale', direction: 'scale-in', until },
    ]);
  });

  it('stays as it is until it says', () => {
    let now = Date.parse('2026-11-25T00:00:00Z');
    for (let step = 0; step < 12; step += 1) {
      const reading = readCalendar(calendar, now);
      const last = readCalendar(calendar, reading.validUntil - 1);
      expect(last).toEqual(reading);
      expect(readCalendar(calendar, reading.validUntil)).not.toEqual(reading);
      now = reading.validUntil;
    }
    expect(readCalendar({ schedules: [], freezes: [] }, now).validUntil).toBe(Infinity);
  });
});
