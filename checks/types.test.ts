import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { types } from './types.ts';

it('refuses a missing element, Node in the pure folders, a type without a name, and a lost null', async () => {
  const { passed, findings } = await runOnFixture(types, 'types');
  expect(passed).toBe(false);
  expect(findings).toEqual([
    expect.stringMatching(/^src\/store\/first-row\.ts\(4,3\): error TS2322: .*undefined/),
    expect.stringMatching(/^src\/core\/stamp\.ts\(4,10\): error .*'process'.*tsconfig\.pure/),
    expect.stringMatching(/^src\/store\/unnamed\.ts\(3,14\): error TS4094: .*tsconfig\.build/),
    expect.stringMatching(
      /^src\/dashboard\/title\.tsx\(4,\d+\): error TS2531: .*tsconfig\.dashboard/,
    ),
  ]);
});

it('fails where there is nothing to compile', async () => {
  const { passed, findings } = await runOnFixture(types, 'nothing');
  expect(passed).toBe(false);
  expect(findings[0]).toContain('0 files were read');
});
