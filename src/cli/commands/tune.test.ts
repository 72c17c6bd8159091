import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runForetide, type CommandResult } from '../testing/run-foretide.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-tune-'));
  const policy = '{ type: target-tracking, signal: cpu, target: 60% }';
  write('foretide.yaml', `groups: [{ name: web, max: 100, policies: [${policy}] }]`);
  write('small.yaml', `groups: [{ name: web, max: 5, policies: [${policy}] }]`);
  write('fixed.yaml', 'groups: [{ name: web, max: 9, policies: [{ type: fixed, size: 3 }] }]');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function tune(...options: readonly string[]): Promise<CommandResult> {
  return runForetide(['tune', ...options], folder);
}

/** What is looked at of an outcome. */
interface Outcome {
  readonly violationShare: number;
  readonly missedBy: number;
  readonly ratio: number | null;
}

const objective = ['--objective', 'violations <= 0.5%'];

/** So many values of one level. */
function minutes(count: number, level: number): readonly number[] {
  return Array.from({ length: count }, () => level);
}

function writeTrace(name: string, values: readonly number[]): void {
  const rows = values.map((value, minute) => `${1_700_000_000 + minute * 60},${value}`);
  write(name, ['timestamp,value', ...rows].join('\n'));
}

describe('foretide tune', { timeout: 60_000 }, () => {
  it('finds that a steady load needs no headroom, and says what that is in the config', async () => {
    const load = ['--generator', 'steady', '--duration', '4h', '--level', '100'];
    const { exitCode, stdout } = await tune(...load, ...objective, '--json', '--chart', 'c.svg');
    expect(exitCode).toBe(0);
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({
      objective: { violationShare: 0.005 },
      own: { ratio: expect.closeTo(1.7, 1), settings: { target: 1 } },
      found: { violationShare: 0, inWords: expect.arrayContaining(['target: 90%']) },
      later: { own: { violationShare: 0 }, found: { violationShare: 0 } },
      warnings: [],
    });
    expect(readFileSync(join(folder, 'c.svg'), 'utf8')).toContain('as configured');
  });

  it('warns of settings that only fit the part they were found on', async () => {
    // Calm where it is tuned; later it doubles at once, again and again.
    const later = Array.from({ length: 6 }, () => [...minutes(10, 60), ...minutes(10, 180)]).flat();
    writeTrace('calm.csv', [...minutes(210, 100), ...later]);
    const { exitCode, stdout } = await tune('--trace', 'calm.csv', ...objective);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /warning: over-fitted: they keep 0\.5% where they were found, and leave/u,
    );
  });

  it('says by how much an objective is missed, and compares nothing that misses it', async () => {
    // Ten instances' worth of load; 5 leave half of it.
    const load = ['--generator', 'steady', '--duration', '2h', '--level', '100'];
    const small = [...load, ...objective, '-c', 'small.yaml'];
    const { exitCode, stdout } = await tune(...small, '--json', '--chart', 'small.svg');
    expect(exitCode).toBe(0);
    const missed = { missedBy: expect.closeTo(0.495, 3), ratio: null };
    expect(JSON.parse(stdout)).toMatchObject({
      frontier: expect.toSatisfy((all: readonly Outcome[]) =>
        all.every(({ missedBy, ratio }) => missedBy > 0 && ratio === null),
      ),
      own: missed,
      found: missed,
      later: { own: missed, found: missed },
      warnings: [
        'the objective is missed by 49.5 points: no settings that were tried keep 0.5%; these leave the least, 50%',
      ],
    });
    expect(readFileSync(join(folder, 'small.svg'), 'utf8')).toContain('objective missed');
    const told = await tune(...small);
    expect(told.stdout).toMatch(/^found +50% +missed by 49\.5 points +\$/mu);
  });

  it('has a ratio for all that keeps the objective, and for nothing else', async () => {
    writeTrace(
      'waves.csv',
      Array.from({ length: 6 }, () => [...minutes(20, 60), ...minutes(20, 180)]).flat(),
    );
    const { stdout } = await tune(
      '--trace',
      'waves.csv',
      '--objective',
      'violations <= 2%',
      '--json',
    );
    const { frontier } = JSON.parse(stdout) as { readonly frontier: readonly Outcome[] };
    const kept = frontier.filter(({ missedBy }) => missedBy === 0);
    expect(kept.length * (frontier.length - kept.length)).toBeGreaterThan(0);
    for (const { violationShare, missedBy, ratio } of frontier) {
      expect(missedBy).toBeCloseTo(Math.max(0, violationShare - 0.02), 12);
      expect(ratio === null).toBe(violationShare > 0.02);
    }
  });

  it.each([
    [['--objective', 'violations < 1%'], "allowed: 'violations <= <percent>' above 0%"],
    [['--objective', 'cost <= 5'], "such as 'violations <= 0.5%'"],
    [['--objective', 'violations <= 5'], "found 'violations <= 5', allowed"],
    [[...objective, '-c', 'fixed.yaml'], 'has no policy that follows load, so there is nothing'],
    [[...objective, '-c', 'none.yaml'], 'none.yaml'],
  ])('says what is wrong: %j', async (options, message) => {
    const load = ['--generator', 'steady', '--duration', '2h'];
    const { exitCode, stderr } = await tune(...load, ...options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(join(folder, 'none.yaml'))).toBe(false);
  });
});
