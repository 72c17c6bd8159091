// `foretide report` on the store of a controller that only advised.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { SimulatedController } from '../controller/simulated-controller.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foretide-report-'));
const store = join(folder, 'store.db');

function run(...words: readonly string[]) {
  const done = spawnSync(process.execPath, [program, 'report', ...words], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { exitCode: done.status, output: done.stdout, errors: done.stderr };
}

beforeAll(async () => {
  const stand = new SimulatedController({ group: { mode: 'advise' }, desired: 8 });
  await stand.start();
  stand.load = 2.4;
  await stand.run(1800);
  const query = { group: 'web', from: 0, to: Infinity, limit: 10_000 } as const;
  const read = await stand.store.journal.read({ ...query, order: 'oldest-first' });
  if (!read.ok) throw new Error(read.message);
  const opened = openStore({ path: store, foretideVersion: '0.1.0' });
  expect(await opened.journal.append(read.value)).toMatchObject({ ok: true });
  await opened.close();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('foretide report', () => {
  it('sets what would have been beside what was, and says what it rests on', () => {
    const { exitCode, output, errors } = run('web', '--store', store);
    expect(errors).toBe('');
    expect(exitCode).toBe(0);
    // Eight instances for half an hour, where four would have done after the first minutes.
    expect(output).toMatch(/^web, 2025-12-25T.* to 2026-01-01T.*, in the mode advise:$/mu);
    expect(output).toMatch(/instance-hours +4\.0 +2\.\d$/mu);
    expect(output).toMatch(/changes +0 +\d/mu);
    expect(output).toMatch(/time above target +0\.00% +0\.00%/u);
    expect(output).not.toContain('dollars');
    expect(output).toContain('is an estimate');
  });

  it('answers in JSON with whole numbers of milliseconds', () => {
    const { output } = run('web', '--store', store, '--json', '--days', '1');
    const answer: unknown = JSON.parse(output);
    expect(answer).toMatchObject({
      group: 'web',
      report: { modes: ['advise'], was: { changes: 0 }, pricePerInstanceHour: null },
    });
  });

  it.each([
    [['web', '--store', 'none.db'], /no store at none\.db/u],
    [['wep', '--store', store], /has no group wep; it has: web/u],
    [['web', '--store', store, '--days', 'some'], /allowed/u],
  ])('answers %j with one clear line and exit code 2', (words, line) => {
    const { exitCode, output, errors } = run(...words);
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toMatch(line);
  });
});
