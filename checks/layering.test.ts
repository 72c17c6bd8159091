import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { layering } from './layering.ts';

it('names both ends of a forbidden import, its rule, and what to do instead', async () => {
  const { passed, findings } = await runOnFixture(layering, 'layering');
  expect(passed).toBe(false);
  expect(findings.toSorted()).toEqual([
    expect.stringMatching(
      /^src\/api\/status\.ts → src\/core\/decide\.ts: api-takes-only-types-of-core/,
    ),
    expect.stringMatching(
      /^src\/api\/status\.ts → src\/store\/column\.test\.ts: api-imports: Ask the/,
    ),
    expect.stringMatching(
      /^src\/api\/status\.ts → src\/store\/column\.test\.ts: no-test-code-in-source/,
    ),
    expect.stringMatching(
      /^src\/core\/decide\.ts → .*node_modules\/zod\/.*: core-uses-no-npm: No npm/,
    ),
    // Seen although it is a type alone, which is gone before anything runs.
    expect.stringMatching(/^src\/core\/decide\.ts → src\/store\/row\.ts: core-imports: The core/),
    expect.stringMatching(/^src\/gadgets\/gadget\.ts → \.\/missing\.ts: known-folder: Give/),
    expect.stringMatching(/^src\/gadgets\/gadget\.ts → \.\/missing\.ts: resolvable: Nothing/),
    expect.stringMatching(
      /^src\/store\/column\.ts → src\/store\/row\.ts → .*: no-cycles: Move what/,
    ),
    expect.stringMatching(
      /^src\/store\/row\.ts → src\/controller\/tick\.ts: store-imports: An adapter/,
    ),
  ]);
});

it('fails where no module was read', async () => {
  const { passed, findings } = await runOnFixture(layering, 'nothing');
  expect(passed).toBe(false);
  expect(findings).toEqual(['0 modules were read: is this the right folder?']);
});
