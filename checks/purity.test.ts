import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { purity } from './purity.ts';

it('says where a pure file reaches for time, chance or the outside, and what to do', async () => {
  const { passed, findings } = await runOnFixture(purity, 'purity');
  expect(passed).toBe(false);
  expect(findings.filter((finding) => finding.startsWith('src/core/'))).toEqual([
    expect.stringMatching(/impure\.ts:3: import of `node:fs`: ask through a port/),
    expect.stringMatching(/impure\.ts:4: import of `zod`: this folder uses no npm package/),
    expect.stringMatching(/impure\.ts:6: module state: keep it in a value/),
    expect.stringMatching(/impure\.ts:7: `Math`: name its member directly/),
    expect.stringMatching(/impure\.ts:11: `Date`: take the time as a parameter/),
    expect.stringMatching(/impure\.ts:12: `Date`: take the time as a parameter/),
    expect.stringMatching(/impure\.ts:13: `setTimeout`: return when to be called again/),
    expect.stringMatching(/impure\.ts:14: `Math\.random`: take a seeded random source/),
    expect.stringMatching(/impure\.ts:15: `\*\*`: it differs between Node versions/),
    expect.stringMatching(/impure\.ts:15: `Math\.pow`: it differs between Node versions/),
    expect.stringMatching(/impure\.ts:16: `process`: ask through a port/),
    expect.stringMatching(/impure\.ts:17: `import\(…\)`: import at the top/),
    expect.stringMatching(/impure\.ts:18: `localeCompare`: it depends on the machine/),
  ]);
});

it('allows powers and packages outside the core, and the clock outside the pure folders', async () => {
  const { findings } = await runOnFixture(purity, 'purity');
  expect(findings.filter((finding) => !finding.startsWith('src/core/'))).toEqual([
    expect.stringMatching(/^src\/simulation\/model\.ts:6: `Math\.random`/),
  ]);
});

it('fails where there is no pure file to read', async () => {
  const { passed, findings } = await runOnFixture(purity, 'nothing');
  expect(passed).toBe(false);
  expect(findings[0]).toContain('0 pure files were read');
});
