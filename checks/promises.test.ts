import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { promises } from './promises.ts';

it('finds the promises that nobody waits for, and only those', async () => {
  const { passed, findings } = await runOnFixture(promises, 'promises');
  expect(passed).toBe(false);
  expect(findings).toEqual([
    expect.stringMatching(/^src\/store\/dropped\.ts:10: the promise is dropped: await it, or/),
    expect.stringMatching(/^src\/store\/dropped\.ts:11: the promise is dropped/),
    expect.stringMatching(/^src\/store\/dropped\.ts:12: the promise is dropped/),
    expect.stringMatching(/^src\/store\/dropped\.ts:13: nobody waits for this async function/),
    expect.stringMatching(/^src\/store\/dropped\.ts:14: nobody waits for this async function/),
  ]);
});
