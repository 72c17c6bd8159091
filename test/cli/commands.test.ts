// The command line as people meet it: what it prints, where, and with which exit code.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePasswordHash } from '../../src/broker/password-hash.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foretide-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(words: readonly string[], input = '') {
  const done = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { exitCode: done.status, output: done.stdout, errors: done.stderr };
}

describe('the command line', () => {
  it('lists every command in its help', () => {
    const { exitCode, output } = run(['--help']);
    expect(exitCode).toBe(0);
    const commands = [
      'start',
      'check',
      'agent',
      'demo',
      'status',
      'why',
      'set',
      'hold',
      'pause',
      'mode',
      'resume',
      'replay',
    ];
    for (const command of commands) expect(output).toMatch(new RegExp(`^  ${command} `, 'mu'));
  });

  it.each([
    [['nonsense'], /unknown command 'nonsense'/u],
    [['set', 'web'], /missing required argument 'size'/u],
    [['set', 'web', 'many'], /allowed: a whole number from 0 to 100000/u],
    [
      ['mode', 'web', 'shadow'],
      /found 'shadow', allowed: observe, advise, scale-out-only, active\n/u,
    ],
    [['demo', '--speed', '0'], /allowed: a number from 1 to 1000/u],
    [['demo', '--for', 'ever'], /allowed: a duration such as 90s, 10m or 1h/u],
    [['start', '--config', 'missing.yaml'], /missing\.yaml cannot be read/u],
    [['hash-password'], /no password/u],
  ])('answers %j with one clear line and exit code 2', (words, line) => {
    const { exitCode, errors, output } = run(words);
    expect(exitCode).toBe(2);
    expect(output).toBe('');
    expect(errors).toMatch(line);
    expect(errors).toMatch(/^foretide: /u);
    expect(errors).not.toMatch(/\n\s+at /u);
  });

  it('names every mistake of a config with its place', () => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(path, 'groups:\n  - name: web\n    max: 3\n    min: 5\n    cooldwn: 3s\n');
    const { exitCode, errors } = run(['check', path, '--offline']);
    expect(exitCode).toBe(2);
    expect(errors.trim().split('\n')).toHaveLength(2);
    expect(errors).toContain(`${path}:3:10 groups[0].max: found min 5 above max 3`);
    expect(errors).toContain('nearest to cooldown');
  });

  it('calls a good config good', () => {
    const path = join(folder, 'good.yaml');
    writeFileSync(path, 'groups:\n  - name: web\n    max: 3\n');
    const { exitCode, output } = run(['check', path, '--offline']);
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: `${path}: good, 1 group\n` });
  });

  it('says where it looked for a controller that is not there', () => {
    const { exitCode, errors } = run(['status']);
    expect(exitCode).toBe(1);
    expect(errors).toBe('foretide: no controller is running at .foretide/foretide.sock\n');
  });

  it('hashes a password that it is given on its input', () => {
    const { exitCode, output } = run(['hash-password'], 'hunter2\n');
    expect(exitCode).toBe(0);
    expect(parsePasswordHash(output.trim())).not.toBeNull();
  });
});

describe('the demo', () => {
  it('runs without a terminal, ends by itself and sums up in one line', { timeout: 90_000 }, () => {
    const words = ['demo', '--headless', '--for', '20s', '--speed', '60', '--json'];
    const { exitCode, output } = run(words);
    expect(exitCode).toBe(0);
    expect(output.trim().split('\n')).toHaveLength(1);
    const summary: unknown = JSON.parse(output);
    expect(summary).toMatchObject({
      reportsReceived: expect.any(Number),
      decisions: { scaleOut: expect.any(Number), scaleIn: expect.any(Number) },
      desired: { min: expect.any(Number), max: expect.any(Number) },
      reactionMs: { p50: expect.any(Number), p99: expect.any(Number) },
      refusals: 0,
      ticksSkipped: expect.any(Number),
    });
  });
});
