// The tutorial of docs/deploy.md, word for word: its blocks are run in order by a shell, where
// `foretide` is this repository's own. Only the port differs, for another may be in use.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { takeAnyPort } from '../../src/cli/demo/free-port.ts';
import { deployActions } from '../../src/cli/doctor/check-deploy-rights.ts';
import { templateNames } from '../../src/deploy/template-library.ts';

const page = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8');
const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'foretide-tutorial-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function tutorialBlocks(): readonly string[] {
  const [, tutorial = ''] = /<!-- tutorial -->(.*)<!-- end of the tutorial -->/su.exec(page) ?? [];
  return [...tutorial.matchAll(/```sh\n(.*?)```/gsu)].map(([, block = '']) => block);
}

it('runs from the first line to the last, and leaves nothing', { timeout: 180_000 }, async () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'foretide'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(join(bin, 'foretide'), 0o755);
  const [start = '', ...steps] = tutorialBlocks();
  expect(steps).toHaveLength(6);
  const port = await takeAnyPort();
  const script = [
    'set -eu',
    start.replaceAll('4566', String(port)),
    // The cloud goes with the shell, however that ends; and a person types slower than this.
    "trap 'kill $! 2>/dev/null' EXIT",
    `for _ in $(seq 100); do foretide asg show none 2>&1 | grep -q 'knows no' && break; sleep 0.1; done`,
    ...steps,
    'foretide deploy status hello-asg --name hello || true',
  ].join('\n');
  const child = spawn('bash', ['-c', script], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${bin}:${process.env['PATH']}`,
      HOME: folder,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  const [output, errors, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  expect({ exitCode, errors }).toEqual({
    exitCode: 0,
    errors: 'foretide: there is no stack hello\n',
  });
  for (const line of [
    'hello is up',
    'foretide.yaml: good, 1 group',
    'web: 1 desired, 1 to 10 allowed',
    'web-fleet is gone:',
    'foretide is gone:',
    // As the page shows it.
    'about $14.18 to $56.13 a month (list prices of us-east-1, no traffic):',
    'hello is gone: 15 resources removed, 10 of them looked for at their own services, none left',
  ]) {
    expect(output).toContain(line);
  }
});

it('names every template', () => {
  for (const name of templateNames) expect(page).toContain(`| \`${name}\` |`);
});

it('names every right of CloudFormation that the doctor looks at, and no other', () => {
  const named = [...page.matchAll(/"(cloudformation:\w+)"/gu)].map(([, action]) => action);
  expect(named).toEqual(deployActions);
});
