import { expect, it } from 'vitest';

import { runOnFixture } from './fixture.ts';
import { format } from './format.ts';

it('names the file that is not formatted and the command that formats it', async () => {
  const { passed, findings } = await runOnFixture(format, 'format');
  expect(passed).toBe(false);
  expect(findings).toEqual(['src/store/row.ts: not formatted; run `npm run format`']);
});
