// The tour in the documentation is the example, and the example does what it says.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const EXAMPLE = new URL('../examples/local-cloud-tour.ts', import.meta.url);
const PAGE = new URL('../docs/local-cloud.md', import.meta.url);

it('shows the example word for word', async () => {
  const [example, page] = await Promise.all([readFile(EXAMPLE, 'utf8'), readFile(PAGE, 'utf8')]);
  expect(page).toContain(`\`\`\`ts\n${example.trimEnd()}\n\`\`\``);
});

it('runs as told', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [EXAMPLE.pathname]);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.slice(0, line.indexOf(':')))).toEqual([
    'at once',
    'after some seconds',
    'after two minutes',
    'refused',
    'two minutes later',
    'because',
    'alarm',
    'desired',
    'billed',
  ]);
  expect(lines[2]).toBe('after two minutes: InService, InService');
  expect(lines[3]).toMatch(
    /^refused: Scaling activity \S+ is in progress and blocks this action$/u,
  );
  expect(lines[4]).toBe('two minutes later: InService, InService, InService, InService');
  expect(lines[6]).toMatch(/^alarm: TargetTracking-shop-AlarmHigh-\S+ is in ALARM$/u);
  expect(lines[7]).toBe('desired: 8');
  expect(lines[5]).toMatch(/changing the desired capacity from 2 to 4\./u);
});
