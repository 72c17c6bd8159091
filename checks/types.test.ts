import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { types } from './types.ts';

it('refuses an unchecked element anywhere, and Node in the pure folders only', async () => {
  const { passed, findings } = await runOnFixture(types, 'types');
  expect(passed).toBe(false);
  expect(findings).toEqual([
    expect.stringMatching(/^src\/store\/first-row\.ts\(4,3\): error TS2322: .*undefined/),
    expect.stringMatching(
      /^src\/core\/stamp\.ts\(4,10\): error TS\d+: .*'process'.*tsconfig\.pure/,
    ),
  ]);
});

it('fails where there is nothing to compile', async () => {
  const { passed, findings } = await runOnFixture(types, 'nothing');
  expect(passed).toBe(false);
  expect(findings[0]).toContain('0 files were read');
});
