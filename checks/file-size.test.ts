import { expect, it } from 'vitest';

import { fileSize } from './file-size.ts';
import { runOnFixture } from './fixture.ts';

it('asks for a reason above 300 lines and takes none above 400, or 600 for a test', async () => {
  const { passed, findings } = await runOnFixture(fileSize, 'file-size');
  expect(passed).toBe(false);
  expect(findings).toEqual([
    'src/core/endless.test.ts: 601 lines, refused above 600: split it by what it is about',
    'src/core/endless.ts: 401 lines, refused above 400: split it by what it is about',
    'src/core/long.ts: 301 lines: split it, or say in its first 12 lines why it is one file ' +
      '(`// size: <why>`)',
  ]);
});
