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
  folder = mkdtempSync(join(tmpdir(), 'foretide-simulate-queue-'));
  write('two.yaml', groupWith('min: 2, max: 2', 'promise: 60s'));
  write('foretide.yaml', groupWith('min: 1, max: 20', 'promise: 120s, firstDuration: 10s'));
  write('recipe.yaml', groupWith('min: 1, max: 20', 'promise: 120s, mode: recipe'));
  const setter = 'promise: 60s, mode: setter, setter: { policy: keep }';
  write('setter.yaml', groupWith('max: 20', setter));
  write('other.yaml', groupWith('min: 1, max: 20', 'promise: 60s'));
  write('web.yaml', 'groups:\n  - { name: web, max: 9, policies: [{ type: fixed, size: 2 }] }\n');
  const tracking = '{ type: target-tracking, signal: cpu, target: 60% }';
  const backlog = '{ type: backlog, queue: jobs, promise: 60s }';
  write('both.yaml', `groups:\n  - { name: both, max: 9, policies: [${tracking}, ${backlog}] }\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function groupWith(bounds: string, policy: string): string {
  const limits = 'cooldown: 0s, stabilization: 0s';
  const policies = `policies: [{ type: backlog, queue: jobs, ${policy} }]`;
  return `groups:\n  - { name: workers, ${bounds}, ${limits}, ${policies} }\n`;
}

function run(line: string): Promise<CommandResult> {
  return runForetide(line.split(' '), folder);
}

/** A command that was written wrongly: exit code 2, nothing on stdout. */
async function refusal(line: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(line);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  return stderr;
}

const steady = '--generator steady --duration 30m --level 0.1 --service-time 10s';
/** A message each ten seconds, the last 1795 s on; then a promise, in whole blocks; a tenth warms up. */
const scoredSeconds = 1670;

describe('foretide simulate on a queue', () => {
  it('agrees with the closed form of messages that keep one of two workers busy', async () => {
    const line = `simulate --config two.yaml ${steady} --json --price 0.36`;
    const { exitCode, stdout, stderr } = await run(line);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const tenSeconds = expect.closeTo(10_000, -1);
    const least = 2 * scoredSeconds;
    const bound = expect.closeTo(least, 0);
    expect(JSON.parse(stdout)).toEqual({
      messages: expect.any(Number),
      keptShare: 1,
      latency: { p50Ms: tenSeconds, p95Ms: tenSeconds, p99Ms: tenSeconds, longestMs: tenSeconds },
      costInstanceSeconds: least,
      costUsd: expect.closeTo((least / 3600) * 0.36, 9),
      // The bounds of the group hold for the optimum too.
      optimum: {
        costInstanceSeconds: { '0.1%': bound, '0.5%': bound, '1%': bound },
        costAtOwnLateShare: bound,
      },
      competitiveRatio: {
        '0.1%': expect.closeTo(1, 3),
        '0.5%': expect.closeTo(1, 3),
        '1%': expect.closeTo(1, 3),
      },
      launches: 0,
      launchesPerHour: 0,
      peakInstances: 2,
      ticksPerSecond: expect.any(Number),
    });
  });

  it('prints a table, says why the size changed, and draws it', async () => {
    const jobs = Array.from({ length: 40 }, (_, index) => `${index < 20 ? index * 60 : 1200},10\n`);
    write('jobs.csv', `timestamp,duration\n${jobs.join('')}`);
    const { exitCode, stdout } = await run(
      'simulate --jobs jobs.csv --boot 30s --warmup 0s --chart run.svg',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^workers on jobs\.csv: 40 messages of 10 s in the mean, promised within 120 s/,
    );
    expect(stdout).toMatch(/\nkept +100% of 40 messages within the promise, 0 late\n/);
    expect(stdout).toMatch(/T.*Z {2}scale out from 1 to \d+: 1\d messages wait/);
    const svg = readFileSync(join(folder, 'run.svg'), 'utf8');
    expect(svg).toContain('from sent to done');
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\n$/);
  });

  it('gives the same run twice for one seed', async () => {
    const line = `simulate ${steady} --spread 100% --json --seed 3`;
    const reports = await Promise.all([run(line), run(line)]);
    const [one, other] = reports.map(({ stdout }) => stdout.replace(/"ticksPerSecond":\d+/, ''));
    expect(one).toBe(other);
  });

  it('asks for durations, and for a group that has a queue', async () => {
    const noDurations = await refusal('simulate --generator steady');
    expect(noDurations).toMatch(
      /^foretide: a queue and no durations; allowed: --jobs .*--service-time/,
    );
    write('one.csv', '0,1\n');
    expect(await refusal('simulate --config web.yaml --jobs one.csv')).toMatch(
      /^foretide: web\.yaml: group web has no backlog policy; allowed with --jobs: /,
    );
    expect(await refusal(`simulate --config both.yaml ${steady}`)).toMatch(
      /^foretide: both\.yaml: group both has the target-tracking policy .*; on a queue a simulation takes backlog, schedule, fixed\n$/,
    );
    for (const command of ['simulate', 'compare --against all']) {
      expect(await refusal(`${command} --config setter.yaml ${steady}`)).toMatch(
        /^foretide: setter\.yaml: .* leaves its size to a policy of AWS; .* promise or recipe/,
      );
    }
    expect(
      await refusal(`tune ${steady.replace(' --service-time 10s', '')} --objective violations<=1%`),
    ).toMatch(/group workers works off a queue; allowed here: one that serves load/);
    expect(await refusal(`simulate --engine event ${steady}`)).toContain(
      '--engine event is for load',
    );
  });

  it('says what is wrong with a file of messages', async () => {
    const mistakes: readonly (readonly [string, string])[] = [
      ['', 'the trace is empty: it has no job'],
      ['5,1\n3,1\n', 'line 2: timestamp 3 is before 5; sort by time, oldest first'],
      ['5,-1\n', "line 1: '-1' is not a duration; allowed are seconds above 0, up to 12 h"],
      [
        'timestamp,value\n5,1\n',
        "line 1: no column 'seconds' or 'duration' among 'timestamp', 'value'",
      ],
      ['0,10\n', 'no message is sent after the warm-up of 20 s; a shorter one has some'],
    ];
    for (const [text, message] of mistakes) {
      write('bad.csv', text);
      expect(await refusal('simulate --jobs bad.csv')).toContain(`bad.csv: ${message}`);
    }
    expect(await refusal('simulate --jobs none.csv')).toContain('none.csv cannot be read');
    write('short.csv', '0,1\n3,1\n');
    expect(await refusal('simulate --config other.yaml --jobs short.csv --warmup 1h')).toContain(
      'it takes 60 s more to score',
    );
  });
});

describe('foretide compare on a queue', () => {
  it('sets configs and rivals beside the optimum, in the order of their ratios', async () => {
    const line = `compare ${steady} --spread 50% --config foretide.yaml --config recipe.yaml`;
    const { exitCode, stdout, stderr } = await run(`${line} --against all --json --chart c.svg`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const report: unknown = JSON.parse(stdout);
    expect(report).toMatchObject({ epsilon: 0.005, optimum: { costUsd: expect.any(Number) } });
    const names = [...stdout.matchAll(/"name":"([^"]+)"/g)].map((match) => match[1]);
    expect(names.toSorted()).toEqual([
      'aws-backlog-per-instance',
      'keda-sqs',
      'workers (foretide.yaml)',
      'workers (recipe.yaml)',
    ]);
    const ratios = [...stdout.matchAll(/"ratio":([\d.]+)/g)].map((match) => Number(match[1]));
    expect(ratios).toEqual(ratios.toSorted((one, other) => one - other));
    for (const ratio of ratios) expect(ratio).toBeGreaterThanOrEqual(1);
    expect(readFileSync(join(folder, 'c.svg'), 'utf8')).toContain('keda-sqs');
  });

  it('prints a table, also without a config', async () => {
    const { exitCode, stdout } = await run(`compare ${steady} --promise 90s --against keda-sqs`);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('promised within 90 s');
    expect(stdout).toMatch(/\nkeda-sqs .* of the promise, in hindsight\n$/);
  });

  it('judges by one promise', async () => {
    const configs = '--config foretide.yaml --config other.yaml';
    expect(await refusal(`compare ${steady} ${configs} --against all`)).toContain(
      'configs promise 120 s and 60 s; allowed: one promise, or --promise',
    );
    expect(await refusal(`compare ${steady} --config web.yaml --against all`)).toContain(
      'web.yaml: group web has no backlog policy',
    );
    expect(await refusal(`compare ${steady} --against keda`)).toContain(
      "no rule for queues 'keda'; allowed: all, or aws-backlog-per-instance, keda-sqs",
    );
  });
});
