// `foretide diff` on a store file as a controller leaves it.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { openStore } from '../../src/store/open-store.ts';
import { SimulatedController, startMs } from '../controller/simulated-controller.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foretide-diff-'));
const store = join(folder, 'store.db');

const writeConfig = (target: string, signal = 'cpu'): string => `
groups:
  - name: web
    autoScalingGroup: web-asg
    max: 20
    warmup: 30s
    stabilization: 60s
    cooldown: 0s
    policies:
      - { type: target-tracking, signal: ${signal}, target: ${target} }
`;

function run(...words: readonly string[]) {
  const done = spawnSync(process.execPath, [program, 'diff', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { exitCode: done.status, output: done.stdout, errors: done.stderr };
}

beforeAll(async () => {
  const text = writeConfig('60%');
  for (const [name, other] of [
    ['old.yaml', text],
    ['same.yaml', `# another comment${text}`],
    ['new.yaml', writeConfig('50%')],
    ['queue.yaml', writeConfig('50', 'queue')],
    ['other.yaml', text.replace('name: web', 'name: shop')],
  ] as const) {
    writeFileSync(join(folder, name), other);
  }
  const outcome = loadConfig(text, 'old.yaml');
  const group = outcome.ok ? outcome.config.groups[0]?.group : undefined;
  const stand = new SimulatedController({ ...(group !== undefined && { group }) });
  await stand.start();
  stand.load = 3.6;
  await stand.run(600);
  const query = { group: 'web', from: 0, to: Infinity, limit: 10_000 } as const;
  const read = await stand.store.journal.read({ ...query, order: 'oldest-first' });
  if (!read.ok) throw new Error(read.message);
  const opened = openStore({ path: store, foretideVersion: '0.1.0' });
  expect(await opened.journal.append(read.value)).toMatchObject({ ok: true });
  await opened.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('foretide diff', () => {
  it('finds nothing between configs that mean the same', () => {
    const { exitCode, output, errors } = run('old.yaml', 'same.yaml', '--journal', store);
    expect(errors).toBe('');
    expect(exitCode).toBe(0);
    expect(output).toMatch(/^web: 0 of 60\d decisions differ\n/u);
    expect(output).toContain('(+0.00)');
  });

  it('explains the first difference, and counts what a lower target costs', () => {
    const { output } = run('old.yaml', 'new.yaml', '--journal', store);
    expect(output).toMatch(
      /first, 2026-01-01T00:\d\d:\d\d\.\d+Z:\n {4}old: .*\n {4}new: scale out/u,
    );
    expect(output).toMatch(/\(\+\d/u);
    expect(output).toContain('foretide simulate closes that loop');
    expect(output).toMatch(/2026-01-01T00:00:00\.000Z {2}\d+ of 60\d/u);
  });

  it('counts the same in JSON, from a moment on', () => {
    const since = String(startMs + 400_000);
    const { output } = run('old.yaml', 'new.yaml', '--journal', store, '--since', since, '--json');
    const answer: unknown = JSON.parse(output);
    expect(answer).toMatchObject({
      groups: [{ group: 'web', unrecorded: [], first: { beforeSize: 6, afterSize: 8 } }],
    });
  });

  it('says which signals the journal knows nothing of', () => {
    const { output } = run('old.yaml', 'queue.yaml', '--journal', store);
    expect(output).toContain('not in the journal, so nothing is known of it: mean(queue)/1000ms');
  });

  it.each([
    [['old.yaml', 'other.yaml', '--journal', store], /no group is in both configs/u],
    [['old.yaml', 'new.yaml', '--journal', 'none.db'], /no store at none\.db/u],
    [['old.yaml', 'new.yaml', '--journal', store, '--group', 'wep'], /has no group wep/u],
    [['old.yaml', 'none.yaml', '--journal', store], /none\.yaml cannot be read/u],
  ])('answers %j with one clear line and exit code 2', (words, line) => {
    const { exitCode, output, errors } = run(...words);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(line);
  });
});
