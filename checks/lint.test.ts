import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { lint } from './lint.ts';

it('names file, line and rule of what the house style forbids', async () => {
  const { passed, findings } = await runOnFixture(lint, 'lint');
  const rules = findings.map((finding) => /^(\S+:\d+): \w+\(([\w-]+)\)/.exec(finding)?.slice(1));
  expect(passed).toBe(false);
  expect(rules).toEqual(
    expect.arrayContaining([
      ['src/store/journal.ts:3', 'prefer-node-protocol'],
      ['src/store/journal.ts:4', 'consistent-type-imports'],
      ['src/store/journal.ts:6', 'no-default-export'],
      ['src/store/journal.ts:6', 'no-explicit-any'],
      ['src/store/journal.ts:7', 'no-console'],
      ['src/store/journal.ts:9', 'eqeqeq'],
      ['src/store/journal.ts:9', 'no-throw-literal'],
      ['src/store/journal.ts:10', 'no-non-null-assertion'],
      ['src/store/journal.ts:13', 'max-params'],
      ['src/store/journal.ts:13', 'explicit-module-boundary-types'],
      ['src/store/journal.ts:16', 'no-empty'],
      ['src/store/journal.ts:17', 'no-warning-comments'],
      ['src/store/journal.test.ts:5', 'no-disabled-tests'],
      ['src/store/journal.test.ts:9', 'no-focused-tests'],
      ['src/store/journal.test.ts:13', 'expect-expect'],
    ]),
  );
});

it('lets a program talk on the console', async () => {
  const { findings } = await runOnFixture(lint, 'lint');
  expect(findings.filter((finding) => finding.startsWith('src/cli/'))).toEqual([]);
});
