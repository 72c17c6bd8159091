// The built page in a real browser on the real demo: what an operator does on a night on call.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startDemo, type RunningDemo } from '../../src/cli/demo/demo.ts';
import { createTextLog } from '../../src/cli/terminal-log.ts';
import { openBrowser } from '../support/browser.ts';
import { openWire, type CutWire } from '../support/cut-wire.ts';
import { findSerious } from './find-serious.ts';

/** Generous: other tests and strangers use the machine too. */
const limitMs = 60_000;
const waitMs = 20_000;
const startLimitMs = 120_000;

const endings: (() => Promise<void> | void)[] = [];
let demo: RunningDemo;
let wire: CutWire;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await build({ configFile: 'vite.config.ts' });
  const folder = mkdtempSync(join(tmpdir(), 'foretide-page-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const log = createTextLog(() => {});
  demo = await startDemo({ speed: 60, seed: 1, log, socketPath: join(folder, 'demo.sock') });
  endings.push(() => demo.stop());
  wire = await openWire(Number(new URL(demo.httpAddress).port));
  endings.push(() => wire.cut());
  browser = await openBrowser();
  endings.push(() => browser.close());
}, startLimitMs);

afterAll(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
}, startLimitMs);

beforeEach(async () => {
  page = await browser.newPage();
  page.setDefaultTimeout(waitMs);
  page.on('pageerror', (error) => complaints.push(error.message));
  // A policy that was broken shows as an error on the console.
  page.on('console', (line) => {
    if (/Content Security Policy/.test(line.text())) complaints.push(line.text());
  });
});

afterEach(async () => {
  await page.close();
  expect(complaints.splice(0)).toEqual([]);
});

async function logIn(): Promise<void> {
  await page.goto(`${wire.url}/#/log-in`);
  await page.getByLabel('Token').fill(demo.token);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

describe('the page on the demo', { timeout: limitMs }, () => {
  it('shows every group with its health, and leads to one', async () => {
    await page.goto(wire.url);
    await page.getByRole('link', { name: 'web', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'web' }).waitFor();
    await page.locator('.chart canvas').waitFor();
    await page.locator('.tile').first().waitFor();
    expect(await page.title()).toBe('web · Foretide');
  });

  it('tells why a decision of the past was made', async () => {
    await page.goto(`${wire.url}/#/groups/web`);
    const why = page.getByRole('button', { name: /^Why \d+ to \d+ at/ }).first();
    await why.click();
    const panel = page.getByRole('region', { name: 'Why', exact: true });
    await panel
      .getByText(/demand recommends/)
      .first()
      .waitFor();
    await panel.getByRole('button', { name: 'Back to now' }).waitFor();
    await panel.getByRole('button', { name: 'Why not scale in?' }).click();
    const told = panel.locator('.why-not .summary');
    expect(await told.textContent()).toMatch(/scale.in/);
  });

  it('only looks, until someone logs in', async () => {
    await page.goto(`${wire.url}/#/groups/web`);
    await page.getByText('You are looking only.').waitFor();
    expect(await page.getByRole('button', { name: 'Set the size' }).count()).toBe(0);
    await page.goto(`${wire.url}/#/log-in`);
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText(/the token is not known here/).waitFor();
  });

  it('takes over a group, says so before and after, and gives it back', async () => {
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    const control = page.getByRole('region', { name: 'Control' });
    await control.getByLabel(/^Size/).fill('13');
    await control.getByLabel('Why').fill('a test of the page');
    await control.getByText(/it stays at 13/).waitFor();
    await control.getByRole('button', { name: 'Set the size' }).click();
    await control.getByText(/Set to 13 for 30m/).waitFor();
    await page.getByText('Set to 13', { exact: true }).waitFor();
    await control.getByRole('button', { name: 'Undo' }).click();
    await control.getByText('Given back: the policies decide again.').waitFor();
    await page.goto(`${wire.url}/#/record`);
    const row = page.getByRole('row').filter({ hasText: /set to 13 until/ });
    expect(await row.first().textContent()).toMatch(/done/);
  });

  it('tells the later of two people what the earlier one did', async () => {
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    const control = page.getByRole('region', { name: 'Control' });
    await control.getByLabel(/^Size/).fill('14');
    await control.getByLabel('Why').fill('the later one');
    await control.getByText(/it stays at 14/).waitFor();
    // What another did a moment ago is not on this page yet.
    await page.route('**/v1/groups/web/set', async (route) => {
      const headers = { ...route.request().headers(), 'if-match': '"another"' };
      await route.continue({ headers });
    });
    await control.getByRole('button', { name: 'Set the size' }).click();
    await control.getByText(/Someone was here before you/).waitFor();
    expect(await page.getByText('Set to 14', { exact: true }).count()).toBe(0);
  });

  it('says that the connection is lost, and comes back by itself', async () => {
    await page.goto(wire.url);
    await page.locator('[data-connection="live"]').waitFor();
    await wire.cut();
    await page.locator('[data-connection="lost"]').waitFor();
    await page.getByText(/Disconnected since/).waitFor();
    await wire.mend();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.getByText(/Disconnected since/).count()).toBe(0);
  });

  it('shows mistakes in the config of the lab where they are', async () => {
    await page.goto(`${wire.url}/#/lab`);
    await page.getByText('This config is sound.').waitFor();
    const yaml = page.getByLabel('Config', { exact: true });
    await yaml.fill((await yaml.inputValue()).replace('max: 100', 'maks: 100'));
    await page.getByText(/maks/).first().waitFor();
    expect(await page.getByRole('button', { name: 'Compare' }).isDisabled()).toBe(true);
  });

  it.each(['#/', '#/groups/web', '#/lab', '#/record', '#/log-in', '#/nowhere'])(
    'has nothing seriously inaccessible at %s, in light and dark',
    async (place) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(`${wire.url}/${place}`);
        await page.locator('h1').first().waitFor();
        if (place.includes('web')) await page.locator('.tile').first().waitFor();
        expect(await findSerious(page)).toEqual([]);
      }
    },
  );
});
