import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { openStore } from '../../store/open-store.ts';
import { tickEntry } from '../../store/store-fixture.ts';
import { runForetide } from '../testing/run-foretide.ts';
import type { CommandResult } from '../testing/run-foretide.ts';

// Each test starts several processes, on a machine that may have much else to do.
vi.setConfig({ testTimeout: 120_000 });

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-simulate-'));
  const policies = 'policies: [{ type: target-tracking, signal: cpu, target: 60% }]';
  write('foretide.yaml', `groups:\n  - { name: web, max: 100, ${policies} }\n`);
  write(
    'two.yaml',
    `groups:\n  - { name: web, max: 100, ${policies} }\n  - { name: api, max: 9, mode: advise }\n`,
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function simulate(line: string): Promise<CommandResult> {
  return runForetide(['simulate', ...line.split(' ')], folder);
}

/** A command that was written wrongly: exit code 2, nothing on stdout, one line on stderr. */
async function refusal(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await simulate(line);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  return stderr;
}

describe('foretide simulate', () => {
  it('agrees with the closed forms of a steady load', async () => {
    const line = '--generator steady --duration 10h --level 100 --json --price 0.36';
    const { exitCode, stdout, stderr } = await simulate(line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const report: unknown = JSON.parse(stdout);
    // Ten instances' worth of work; 60 % of cpu takes 17, from before the scored nine hours on.
    const seconds = 9 * 3600;
    expect(report).toEqual({
      violationShare: 0,
      costInstanceSeconds: 17 * seconds,
      costUsd: expect.closeTo(17 * 9 * 0.36, 9),
      optimum: {
        zeroViolationCostInstanceSeconds: 10 * seconds,
        costInstanceSeconds: {
          '0.1%': expect.closeTo(10 * seconds * 0.999, 3),
          '0.5%': expect.closeTo(10 * seconds * 0.995, 3),
          '1%': expect.closeTo(10 * seconds * 0.99, 3),
        },
        costAtOwnViolationShare: expect.closeTo(10 * seconds, 3),
      },
      competitiveRatio: {
        '0.1%': expect.closeTo(1.7 / 0.999, 6),
        '0.5%': expect.closeTo(1.7 / 0.995, 6),
        '1%': expect.closeTo(1.7 / 0.99, 6),
      },
      elasticity: {
        underProvisionedShare: 0,
        overProvisionedShare: expect.closeTo(0.7, 9),
        underTimeShare: 0,
        overTimeShare: 1,
        instability: 0,
      },
      // Seventeen slots of 100 ms with ten of them busy: hardly anyone waits.
      latency: {
        p50Ms: expect.closeTo(100 * Math.log(2), -1),
        p95Ms: expect.closeTo(100 * Math.log(20), -1),
        p99Ms: expect.closeTo(100 * Math.log(100), -1),
        serviceMs: 100,
        slotsPerInstance: 1,
      },
      launchesPerHour: 0,
      ticksPerSecond: expect.any(Number),
    });
  });

  it('comes to the same in the model of AWS, where nothing happens', async () => {
    const line = '--generator steady --duration 2h --level 100 --json --engine event';
    const { exitCode, stdout, stderr } = await simulate(line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      violationShare: 0,
      costInstanceSeconds: 17 * 1.8 * 3600,
      launchesPerHour: 0,
    });
  });

  it('gives no ratio at an allowance that the run exceeds', async () => {
    write('small.yaml', 'groups:\n  - { name: web, max: 8 }\n');
    const { stdout } = await simulate(
      '--config small.yaml --generator steady --duration 1h --json',
    );
    expect(JSON.parse(stdout)).toMatchObject({
      violationShare: expect.closeTo(0.2, 9),
      optimum: { zeroViolationCostInstanceSeconds: null },
      competitiveRatio: { '0.1%': null, '0.5%': null, '1%': null },
    });
  });

  it('reads a trace of counts, explains the newest changes and draws a chart', async () => {
    const steps = Array.from(
      { length: 120 },
      (_, step) => `${step * 60},${step < 60 ? 600 : 1200}`,
    );
    write('counts.csv', `timestamp,value\n${steps.join('\n')}\n`);
    const { exitCode, stdout } = await simulate(
      '--trace counts.csv --value count --capacity 2 --chart counts.svg',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^web on counts\.csv: 2 h, scored 108 min; an instance does 2 a sec/);
    expect(stdout).toContain('1970-01-01T01:00:02Z  scale out from 9 to 15: cpu is 100%');
    expect(readFileSync(join(folder, 'counts.svg'), 'utf8')).toMatch(
      /^<svg xmlns.*\n[^]*<\/svg>\n$/,
    );
  });

  it('names what is wrong with a trace by its line', async () => {
    write('unsorted.csv', 'timestamp,value\n0,1\n60,2\n30,3\n');
    expect(await refusal('--trace unsorted.csv')).toBe(
      'foretide: unsorted.csv: line 4: timestamp 30 is before 60 of line 3; sort by time, oldest first\n',
    );
    write('columns.csv', 'time,requests\n0,1\n');
    expect(await refusal('--trace columns.csv')).toMatch(
      /^foretide: columns\.csv: line 1: no column 'timestamp' .* among 'time', 'requests'\n$/,
    );
    write('short.csv', 'timestamp,value\n0,1\n1,2\n2,3\n');
    expect(await refusal('--trace short.csv')).toBe(
      'foretide: short.csv: the load lasts 3 s, of which 1 s warm up; it takes 60 s more to score\n',
    );
    expect(await refusal('--trace nowhere.csv')).toMatch(/^foretide: nowhere\.csv cannot be read/);
  });

  it('lists the series of a trace that has several, and names the option that chooses', async () => {
    const timestamps = Array.from({ length: 3600 }, (_, second) => second);
    const values = timestamps.map(() => 100);
    const results = ['m1', 'm2'].map((Id) => ({ Id, Timestamps: timestamps, Values: values }));
    write('watch.json', JSON.stringify({ MetricDataResults: results }));
    const ranges = ['web', 'api'].map((job) => ({
      metric: { job },
      values: timestamps.map((second) => [second, '100']),
    }));
    const data = { resultType: 'matrix', result: ranges };
    write('range.json', JSON.stringify({ status: 'success', data }));
    const store = openStore({ path: join(folder, 'store.db'), foretideVersion: '0.1.0' });
    await store.journal.append([0, 1, 2].map((second) => tickEntry('web', second)));
    await store.close();
    expect(await refusal('--trace watch.json')).toBe(
      "foretide: watch.json: found 2 series: 'm1', 'm2'; --series says which\n",
    );
    expect(await refusal('--trace watch.json --series m3')).toBe(
      "foretide: watch.json: no series named 'm3'; found: 'm1', 'm2'; --series says which\n",
    );
    expect(await refusal('--trace range.json')).toContain(
      `found 2 series: '{job="web"}', '{job="api"}'; --series says which`,
    );
    expect(await refusal('--trace store.db')).toMatch(
      /^foretide: store\.db: found \d+ series: 'cpu', .*; --series says which\n$/u,
    );
    const { exitCode, stdout } = await simulate('--trace watch.json --series m2');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^web on watch\.json: 60 min/u),
    });
  });

  it('names what there is where something unknown is asked for', async () => {
    expect(await refusal('--generator sociable')).toMatch(
      /^foretide: no generator 'sociable'; allowed: steady, diurnal, .*, social\n$/,
    );
    expect(await refusal('--generator steady --group db')).toBe(
      "foretide: foretide.yaml: no group 'db'; allowed: web\n",
    );
    expect(await refusal('--generator steady --config two.yaml')).toBe(
      'foretide: two.yaml: 2 groups and no --group; allowed: --group with one of web, api\n',
    );
    expect(await refusal('--generator steady --within linear')).toContain('mean, poisson, none');
    expect(await refusal('--price 0.1')).toMatch(/^foretide: no load; allowed: --trace/);
  });

  it('refuses a signal that does not follow from load', async () => {
    const policy = '{ type: target-tracking, signal: latencyMs, target: 200ms }';
    write('latency.yaml', `groups:\n  - { name: web, max: 9, policies: [${policy}] }\n`);
    expect(await refusal('--config latency.yaml --generator steady')).toMatch(
      /^foretide: latency\.yaml: group web looks at latencyMs, which does not follow from load; /,
    );
  });

  it('says that a group which only advises is simulated as one that acts', async () => {
    const line = '--config two.yaml --group api --generator steady --duration 1h --json';
    const { exitCode, stderr } = await simulate(line);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(
      'foretide: the mode of api is advise: simulated as active, or it would stand still\n',
    );
  });
});
