// What axe finds on a page that keeps people out, one line each.

import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const results = z.object({
  violations: z.array(
    z.object({
      id: z.string(),
      impact: z.string().nullish(),
      nodes: z.array(z.object({ html: z.string() })),
    }),
  ),
});

export async function findSerious(page: Page): Promise<readonly string[]> {
  // Through the debugger: the page's own policy lets no script in.
  await page.evaluate(axe.source);
  const found = results.parse(await page.evaluate('axe.run(document)'));
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, impact, nodes }) => `${impact}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
