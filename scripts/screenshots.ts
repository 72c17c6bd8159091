// Makes the pictures of the documentation: each view of the page, light, dark and on a phone. The
// fleet and its groups are made up, so that a picture shows every part. `npm run screenshots`.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fakeName } from '../src/dashboard/testing/fake-fleet.ts';
import { startFakeServer } from '../src/dashboard/testing/fake-server.ts';
import { openBrowser } from '../test/support/browser.ts';

const pageFolder = fileURLToPath(new URL('../dist/dashboard', import.meta.url));
const pictures = fileURLToPath(new URL('../docs/images', import.meta.url));

const views = [
  { name: 'fleet', place: '#/', ready: '.fleet-row' },
  { name: 'group', place: `#/groups/${fakeName(1)}`, ready: '.tile' },
  { name: 'queue', place: `#/groups/${fakeName(5)}`, ready: '.queue' },
  { name: 'lab', place: '#/lab', ready: 'textarea' },
  { name: 'record', place: '#/record', ready: 'h1' },
  { name: 'log-in', place: '#/log-in', ready: 'form' },
] as const;

const looks = [
  { name: 'light', colorScheme: 'light', width: 1280, height: 860 },
  { name: 'dark', colorScheme: 'dark', width: 1280, height: 860 },
  { name: 'phone', colorScheme: 'light', width: 390, height: 844 },
] as const;

const ticks = 12;
/** As long as a chart may take to be asked for and drawn. */
const settleMs = 800;

mkdirSync(pictures, { recursive: true });
const server = await startFakeServer({ groups: 40, instances: null, pageFolder });
const browser = await openBrowser();
for (const { colorScheme, height, name: look, width } of looks) {
  for (const { name, place, ready } of views) {
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.goto(`${server.url}/${place}`);
    await page.locator(ready).first().waitFor();
    for (let tick = 0; tick < ticks; tick += 1) server.tick();
    await page.waitForTimeout(settleMs);
    server.tick();
    if (name === 'queue') await page.locator(ready).scrollIntoViewIfNeeded();
    await page.waitForTimeout(settleMs);
    await page.screenshot({ path: `${pictures}/${name}-${look}.png` });
    await page.close();
  }
}
await browser.close();
await server.close();
