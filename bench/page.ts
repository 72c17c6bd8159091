// What the page costs a browser: first paint, and the share of a core while 500 groups, one of them
// watched with its 100 instances, change each second. The server beside it is a fake one, so that only
// the page is measured. `npm run bench:page`.

import { gzipSync } from 'node:zlib';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { formatTable } from '../src/cli/table.ts';
import { fakeName } from '../src/dashboard/testing/fake-fleet.ts';
import { startFakeServer } from '../src/dashboard/testing/fake-server.ts';
import { openBrowser } from '../test/support/browser.ts';

const groups = 500;
const instances = 100;
const measuredMs = 15_000;
const paints = 5;
const folder = fileURLToPath(new URL('../dist/dashboard', import.meta.url));

async function measurePaint(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(url);
  await page.locator('.fleet-row').first().waitFor();
  const ms = await page.evaluate<number>(
    "performance.getEntriesByName('first-contentful-paint')[0].startTime",
  );
  await page.close();
  return ms;
}

/** Of the page's main thread, all its work: scripts, styles, layout, painting commands. */
async function measureBusy(page: Page): Promise<{ busyRatio: number; heapMegabytes: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const read = async (): Promise<ReadonlyMap<string, number>> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return new Map(metrics.map(({ name, value }) => [name, value]));
  };
  const before = await read();
  const began = performance.now();
  await new Promise((resolve) => setTimeout(resolve, measuredMs));
  const after = await read();
  const seconds = (performance.now() - began) / 1000;
  const busy = (after.get('TaskDuration') ?? 0) - (before.get('TaskDuration') ?? 0);
  return { busyRatio: busy / seconds, heapMegabytes: (after.get('JSHeapUsedSize') ?? 0) / 2 ** 20 };
}

const server = await startFakeServer({ groups, instances, pageFolder: folder });
const clock = setInterval(() => server.tick(), 1000);
const browser = await openBrowser();
const firsts: number[] = [];
for (let round = 0; round < paints; round += 1) {
  firsts.push(await measurePaint(browser, server.url));
}
const rows: string[][] = [['figure', 'measured', 'aim']];
const middle = firsts.toSorted((one, other) => one - other)[Math.floor(paints / 2)] ?? Number.NaN;
rows.push(['first paint, median of 5', `${middle.toFixed(0)} ms`, '300 ms']);
const watched = `#/groups/${fakeName(0)}`;
for (const [name, place] of [
  [`fleet of ${groups} groups`, '#/'],
  [`group of ${instances} instances beside them`, watched],
] as const) {
  const page = await browser.newPage();
  await page.goto(`${server.url}/${place}`);
  await page
    .locator(place === '#/' ? '.fleet-row' : '.tile')
    .first()
    .waitFor();
  const { busyRatio, heapMegabytes } = await measureBusy(page);
  rows.push([`${name}, of a core`, `${(busyRatio * 100).toFixed(1)}%`, '10%']);
  rows.push([`${name}, heap`, `${heapMegabytes.toFixed(1)} MB`, '']);
  await page.close();
}
clearInterval(clock);
await browser.close();
await server.close();
const bytes = readdirSync(`${folder}/assets`)
  .map((file) => gzipSync(readFileSync(`${folder}/assets/${file}`), { level: 9 }).length)
  .reduce((sum, length) => sum + length, 0);
rows.push(['script and styles, gzipped', `${(bytes / 1024).toFixed(1)} KB`, '60 KB']);
process.stdout.write(`${formatTable(rows)}\n`);
