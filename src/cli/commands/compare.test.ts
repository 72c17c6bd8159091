import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { runForetide } from '../testing/run-foretide.ts';
import type { CommandResult } from '../testing/run-foretide.ts';

// Each test starts several processes, on a machine that may have much else to do.
vi.setConfig({ testTimeout: 120_000 });

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-compare-'));
  write('sixty.yaml', '60%');
  write('eighty.yaml', '80%');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, target: string): void {
  const policy = `{ type: target-tracking, signal: cpu, target: ${target} }`;
  const text = `groups:\n  - { name: web, max: 100, policies: [${policy}] }\n`;
  writeFileSync(join(folder, name), text);
}

function compare(line: string): Promise<CommandResult> {
  return runForetide(['compare', ...line.split(' ')], folder);
}

const steady = '--generator steady --duration 10h --level 100';
const seconds = 9 * 3600;

describe('foretide compare', () => {
  it('sets configs and rivals in the order of their ratios, beside the optimum', async () => {
    const configs = '--config sixty.yaml --config eighty.yaml';
    const line = `${steady} ${configs} --against static-peak,kubernetes-hpa --epsilon 0% --json`;
    const { exitCode, stdout, stderr } = await compare(line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const report: unknown = JSON.parse(stdout);
    const ratio = (value: number): unknown => expect.closeTo(value, 6);
    expect(report).toMatchObject({
      epsilon: 0,
      optimum: {
        costInstanceSeconds: expect.closeTo(10 * seconds, 3),
        zeroViolationCostInstanceSeconds: 10 * seconds,
      },
    });
    // A steady load needs ten instances: hindsight finds them, 80 % takes 13 and 60 % takes 17.
    expect(report).toHaveProperty(
      'candidates',
      expect.arrayContaining([
        expect.objectContaining({ name: 'static-peak', kind: 'rival', ratio: ratio(1) }),
        expect.objectContaining({ name: 'kubernetes-hpa', kind: 'rival', ratio: ratio(1) }),
        expect.objectContaining({ name: 'web (eighty.yaml)', kind: 'config', ratio: ratio(1.3) }),
        expect.objectContaining({ name: 'web (sixty.yaml)', kind: 'config', ratio: ratio(1.7) }),
      ]),
    );
    const names = [...stdout.matchAll(/"name":"([^"]+)"/g)].map((match) => match[1]);
    expect(names.slice(2)).toEqual(['web (eighty.yaml)', 'web (sixty.yaml)']);
  });

  it('enters every rival for all, prints a table and draws it', async () => {
    const line = '--generator square --duration 12h --against all --chart ratios.svg';
    const { exitCode, stdout } = await compare(`${line} --config sixty.yaml`);
    expect(exitCode).toBe(0);
    const rows = stdout.trimEnd().split('\n').slice(3);
    expect(rows[0]).toMatch(/^optimum +1 .*knows the future$/);
    expect(rows.filter((row) => row.endsWith('in hindsight'))).toHaveLength(15);
    expect(rows.filter((row) => row.endsWith('as configured'))).toHaveLength(1);
    expect(readFileSync(join(folder, 'ratios.svg'), 'utf8')).toContain('aws-predictive');
  });

  it('puts last what does not keep the allowance, without a ratio', async () => {
    const policy = '{ type: target-tracking, signal: cpu, target: 60% }';
    const text = `groups:\n  - { name: web, max: 8, policies: [${policy}] }\n`;
    writeFileSync(join(folder, 'small.yaml'), text);
    const configs = '--config small.yaml --config sixty.yaml';
    const { stdout } = await compare(`${steady} ${configs} --against static-peak`);
    const last = stdout.trimEnd().split('\n').at(-1);
    expect(last).toMatch(/^web \(small\.yaml\) +- +20% /);
  });

  it('names the rivals there are', async () => {
    const { exitCode, stderr } = await compare(`${steady} --against kubernetes`);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /^foretide: --against: no rival 'kubernetes'; allowed: all, or some of aws-target-tracking-60s, /,
    );
  });

  it('takes an allowance as a percent only', async () => {
    const { exitCode, stderr } = await compare(`${steady} --against all --epsilon 0.5`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('allowed: a percent from 0% to under 100%, such as 0.5%');
  });
});
