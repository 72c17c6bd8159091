import { describe, expect, it } from 'vitest';

import { formatConfigError } from './config-error.ts';
import { loadConfig } from './load-config.ts';

function errorsOf(text: string): string[] {
  const outcome = loadConfig(text, 'f.yaml');
  return outcome.ok ? [] : outcome.errors.map(formatConfigError);
}

/** One mistake and the one line that tells of it. */
type Mistake = readonly [mistake: string, error: string];

function checkMistakes(mistakes: readonly Mistake[], inFile: (written: string) => string): void {
  it.each(mistakes)('%s', (written, error) => {
    expect(errorsOf(inFile(written))).toEqual([expect.stringContaining(error)]);
  });
}

function inGroup(written: string): string {
  return `groups: [{name: web, max: 9, ${written}}]`;
}

function inPolicies(written: string): string {
  return inGroup(`policies: [${written}]`);
}

describe('mistakes in what every policy has', () => {
  checkMistakes(
    [
      ['scaleOut: never', 'scaleOut: found "never", allowed: allow, forbid'],
      ['scaleOut: forbid, scaleIn: forbid', 'found a policy that may neither add nor remove'],
      ['veto: ""', 'veto: found "", allowed: a name for the veto group'],
    ],
    (written) => inPolicies(`{type: fixed, size: 3, ${written}}`),
  );
});

describe('mistakes in a warm pool', () => {
  checkMistakes(
    [
      ['warmPool: {}', 'warmPool.max: found nothing, allowed: a whole number from 1'],
      ['warmPool: { max: 2, min: 3 }', 'warmPool.min: found min 3 above max 2, allowed: min up to'],
      ['warmPool: { max: 2, state: asleep }', 'found "asleep", allowed: stopped, hibernated'],
      [
        'warmPool: { max: 2 }, policies: [{type: fixed, size: 3}]',
        'warmPool: found a warm pool without a demand policy, allowed: a policy of type demand',
      ],
    ],
    inGroup,
  );
});

describe('mistakes in a policy that is fixed', () => {
  checkMistakes(
    [
      ['{type: fixed}', 'size: found nothing, allowed: a whole number from 0'],
      ['{type: fixed, size: 1.5}', 'size: found 1.5, allowed: a whole number from 0'],
      ['{type: fixed, size: 3, signal: cpu}', 'signal: found an unknown key, allowed: type, name'],
      ['{type: fixed, size: 3}, {type: fixed, size: 3}', 'a second policy called "fixed(3)"'],
    ],
    inPolicies,
  );
});

describe('mistakes in several signals of one policy', () => {
  const tracking = (rest: string): string => `{type: target-tracking, ${rest}}`;
  checkMistakes(
    [
      [tracking('signals: []'), 'signals: found a list, allowed: a list of 1 to 20 mappings'],
      [tracking('signals: [{signal: cpu}]'), 'signals[0].target: found nothing, allowed: a number'],
      [
        tracking('signals: [{signal: cpu, target: 60}]'),
        'signals[0].target: found 60, allowed: 60%',
      ],
      [
        tracking('signals: [{signal: cpu, target: 60%}], target: 60%'),
        'policies[0].target: found target beside signals, allowed: target within signals',
      ],
    ],
    inPolicies,
  );
});

describe('mistakes in an expression', () => {
  const written = (expression: string): string =>
    inPolicies(`{type: target-tracking, signal: "${expression}", target: 100}`);
  const place = (expression: string): string | undefined => errorsOf(written(expression))[0];

  it.each([
    ['connections +', 'found an expression that ends too early, allowed: numbers', 13],
    ['(connections', 'found an expression that ends too early', 12],
    ['connections 2', 'found "2", allowed: numbers, names of signals, instances', 12],
    ['avg(connections, 2)', 'found the function "avg", allowed: min, max', 0],
    ['1 + mix(connections)', 'found the function "mix", nearest to min, allowed: min, max', 4],
    ['Math.max(connections, 1)', 'found the function "Math.max"', 0],
    ['max()', 'found max of nothing, allowed: max of at least one part', 0],
    ['connections ** 2', 'found "connections ** 2", allowed: numbers', 0],
    ['connections % 2', 'found "connections % 2"', 0],
    ['1 + (connections > 2)', 'found "connections > 2"', 5],
    ['connections; queue', 'found a second expression', 13],
    ['{ connections }', 'found no expression', 0],
    ['2 * 3', 'found an expression without a signal', 0],
    ['1e999 * connections', 'found "1e999"', 0],
    ["connections / 'not a name'", 'found "\'not a name\'"', 14],
    ['connections = 2', 'found "connections = 2"', 0],
    ['process[connections]', 'found "process[connections]"', 0],
  ])('%s is told with its place', (expression, error, offset) => {
    expect(place(expression)).toContain(error);
    expect(place(expression)).toMatch(new RegExp(`\\n {4}.*\\n {${4 + offset}}\\^$`));
  });

  it('shows the text with a caret under the place', () => {
    expect(place('1 + mean(cpu)')?.split('\n').slice(1)).toEqual([
      '    1 + mean(cpu)',
      '        ^',
    ]);
  });
});

describe('mistakes in a schedule', () => {
  const window = (rest: string): string => inPolicies(`{type: schedule, windows: [{${rest}}]}`);
  checkMistakes(
    [
      ['min: 3', 'windows[0]: found neither cron nor from, allowed: cron with duration'],
      ['min: 3, cron: 0 8 * * *, from: 2026-11-27 08:00', 'found both cron and from'],
      ['min: 3, cron: 0 8 * * *', 'windows[0].duration: found nothing, allowed: a duration with'],
      ['min: 3, cron: 0 8 * *, duration: 1h', 'cron: found "0 8 * *" (of 4 fields), allowed'],
      ['min: 3, cron: "@daily", duration: 1h', 'cron: found "@daily" (of 1 field), allowed'],
      ['min: 3, cron: 61 8 * * *, duration: 1h', '(invalid value for minute: 61), allowed: a cron'],
      ['min: 3, cron: 0 8 30 2 *, duration: 1h', 'cron: found "0 8 30 2 *" (never comes)'],
      ['min: 3, cron: 0 8 * * *, duration: 5', 'duration: found 5, allowed: a duration from 1m'],
      [
        'min: 3, cron: 0 8 * * *, until: 2026-11-27 08:00',
        'until: found until with cron, allowed: duration with cron',
      ],
      ['min: 3, from: 2026-11-27 08:00', 'windows[0].until: found nothing, allowed: a date and'],
      [
        'min: 3, from: 2026-11-27 08:00, duration: 1h',
        'found duration with from, allowed: until with from',
      ],
      [
        'min: 3, from: 2026-11-27, until: 2026-11-28 08:00',
        'from: found "2026-11-27", allowed: a date and a time',
      ],
      [
        'min: 3, from: 2026-02-30 08:00, until: 2026-11-28 08:00',
        'from: found "2026-02-30 08:00", allowed: a date that there is',
      ],
      [
        'min: 3, from: 2026-11-28 08:00, until: 2026-11-27 08:00',
        'found from "2026-11-28 08:00" until "2026-11-27 08:00", allowed: until after from',
      ],
      ['cron: 0 8 * * *, duration: 1h', 'windows[0]: found a window without a size, allowed: one'],
      ['min: 3, max: 5, cron: 0 8 * * *, duration: 1h', 'found both min and max, allowed: one of'],
      ['min: -3, cron: 0 8 * * *, duration: 1h', 'min: found -3, allowed: a whole number from 0'],
    ],
    window,
  );
  checkMistakes(
    [
      ['{type: schedule}', 'windows: found nothing, allowed: a list of 1 to 100 windows'],
      ['{type: schedule, windows: []}', 'windows: found a list, allowed: a list of 1 to 100'],
      [
        '{type: schedule, timeZone: Mars/X, windows: [{min: 1, cron: 0 8 * * *, duration: 1h}]}',
        'timeZone: found "Mars/X", allowed: an IANA time zone, such as Europe/Berlin or UTC',
      ],
    ],
    inPolicies,
  );
});

describe('mistakes in limits', () => {
  checkMistakes(
    [
      ['rate: 4', 'rate: found 4, allowed: a mapping with scaleOut, scaleIn'],
      ['rate: {scaleOut: {instances: 4}}', 'rate.scaleOut.period: found nothing, allowed: a'],
      ['rate: {scaleOut: {period: 1m}}', 'found a rate without instances and percent, allowed'],
      [
        'rate: {scaleIn: {instances: 0, period: 1m}}',
        'instances: found 0, allowed: a whole number',
      ],
      ['rate: {scaleIn: {percent: 50, period: 1m}}', 'percent: found 50, allowed: a percent above'],
      ['rate: {scaleIn: {percent: 0%, period: 1m}}', 'percent: found "0%", allowed: a percent'],
      ['rate: {scaleIn: {instances: 1, period: 2h}}', 'period: found "2h", allowed: a duration'],
      ['budget: {}', 'budget: found a budget without an amount, allowed: perHour, perMonth or'],
      ['budget: {perHour: $5}', 'perHour: found "$5", allowed: dollars as a number above 0'],
      ['budget: {perMonth: 0}', 'perMonth: found 0, allowed: dollars as a number above 0'],
      ['minHealthy: 90', 'minHealthy: found 90, allowed: 90% or 0.9'],
      [
        'coexistence: yield',
        'coexistence: found "yield", allowed: a mapping with reaction, settle',
      ],
      ['coexistence: {reaction: yeld}', 'reaction: found "yeld", nearest to yield, allowed: yield'],
      ['freezes: [{cron: 0 8 * * *, duration: 1h}]', 'freezes[0].name: found nothing, allowed'],
      ['freezes: [{name: sale}]', 'freezes[0]: found neither cron nor from, allowed: cron with'],
      [
        'freezes: [{name: sale, direction: in, cron: 0 8 * * *, duration: 1h}]',
        'direction: found "in", allowed: both, scale-out, scale-in',
      ],
      [
        'freezes: [{name: sale, timeZone: CETX, cron: 0 8 * * *, duration: 1h}]',
        'timeZone: found "CETX", allowed: an IANA time zone',
      ],
    ],
    inGroup,
  );
});
