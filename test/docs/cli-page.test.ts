// docs/cli.md is what the program itself says of its commands.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}docs/cli.md`, 'utf8');

function run(...words: readonly string[]): string {
  const done = spawnSync(process.execPath, [`${root}src/cli/main.ts`, ...words], {
    encoding: 'utf8',
    env: { ...process.env, FORETIDE_SOCKET: '' },
  });
  expect(done.stderr).toBe('');
  expect(done.status).toBe(0);
  return done.stdout;
}

describe('the reference of the command line', () => {
  it('is the one in docs (renew it by `npm run schema`)', { timeout: 30_000 }, () => {
    expect(run('reference')).toBe(page);
  });

  it('has every command that --help lists', { timeout: 30_000 }, () => {
    const listed = [...run('--help').matchAll(/^ {2}([a-z][a-z-]*) /gmu)].map(([, name]) => name);
    expect(listed.length).toBeGreaterThan(20);
    const headings = [...page.matchAll(/^## foretide ([a-z-]+)/gmu)].map(([, name]) => name);
    expect(listed.filter((name) => name !== 'help' && !headings.includes(name))).toEqual([]);
  });
});
