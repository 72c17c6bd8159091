import { expect, it } from 'vitest';

import { deadCode } from './dead-code.ts';
import { runOnFixture } from './fixture.ts';

it('finds what nothing reaches, nobody imports, or package.json does not declare', async () => {
  const { passed, findings } = await runOnFixture(deadCode, 'dead-code');
  expect(passed).toBe(false);
  expect(findings.toSorted()).toEqual([
    expect.stringMatching(/^package\.json:\d+: yaml: nothing uses this package: remove it/),
    'src/cli/main.ts:3: mqtt: used but not in package.json: declare it',
    'src/core/only-tested.ts: nothing reaches this file: delete it, or import it (only tests import it)',
    'src/core/unreached.ts: nothing reaches this file: delete it, or import it',
    'src/core/used.ts:5: unused: nobody imports it: drop `export`, or delete it',
  ]);
});
