// The built page in a real browser on the real demo: what an operator does on a night on call.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';
import { startDemo, type RunningDemo } from '../../src/cli/demo/demo.ts';
import { createTextLog } from '../../src/cli/terminal-log.ts';
import { readVersion } from '../../src/cli/version.ts';
import { openBrowser } from '../support/browser.ts';
import { openWire, type CutWire } from '../support/cut-wire.ts';
import { findSerious } from './find-serious.ts';
import { serveAgain, type ServedAgain } from './serve-again.ts';

/** Generous: other tests and strangers use the machine too. */
const limitMs = 120_000;
const waitMs = 40_000;
const startLimitMs = 180_000;
/** A comparison of a quarter of a day with every rival; and a demo that starts anew. */
const longLimitMs = 300_000;

const endings: (() => Promise<void> | void)[] = [];
let socketPath: string;
let demo: RunningDemo;
let wire: CutWire;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  await build({ configFile: 'vite.config.ts' });
  const folder = mkdtempSync(join(tmpdir(), 'foretide-page-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  socketPath = join(folder, 'demo.sock');
  demo = await beginDemo();
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

function beginDemo(): Promise<RunningDemo> {
  return startDemo({ speed: 60, seed: 1, log: createTextLog(() => {}), socketPath });
}

/** As another operator, elsewhere. */
async function actOnWeb(what: 'set' | 'resume', body: object): Promise<void> {
  const response = await fetch(`${demo.httpAddress}/v1/groups/web/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${demo.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

async function logIn(as: Page = page, token: string = demo.token): Promise<void> {
  await as.goto(`${wire.url}/#/log-in`);
  await as.getByLabel('Token').fill(token);
  await as.getByRole('button', { name: 'Log in' }).click();
  await as.getByRole('button', { name: 'Log out' }).waitFor();
}

/** The wire leads to another API over the same controller; to the demo's own once the test is over. */
async function leadTo(wanted: Parameters<typeof serveAgain>[1]): Promise<ServedAgain> {
  const served = await serveAgain(demo, wanted);
  await wire.cut();
  await wire.mend(served.port);
  onTestFinished(async () => {
    await wire.cut();
    await served.close();
    await wire.mend();
  });
  return served;
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

  it('says that there is no such group, and is connected all the same', async () => {
    await page.goto(`${wire.url}/#/groups/nope`);
    await page.getByText(/there is no group nope/).waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.getByText(/Disconnected since/).count()).toBe(0);
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

  it('lets nobody set a size that is none, whatever was typed before', async () => {
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    const control = page.getByRole('region', { name: 'Control' });
    await control.getByLabel('Why').fill('nonsense');
    const submit = control.getByRole('button', { name: 'Set the size' });
    for (const [typed, told] of [
      ['999999999', /the size is 999999999; allowed: a whole number from 2 to 40/],
      ['-5', /the size is -5; allowed/],
      ['', /the size is no number; allowed/],
      ['41', /41/],
    ] as const) {
      await control.getByLabel(/^Size/).fill('13');
      await control.getByText(/it stays at 13/).waitFor();
      await control.getByLabel(/^Size/).fill(typed);
      await control.locator('.preview .problem').getByText(told).waitFor();
      expect(await submit.isDisabled()).toBe(true);
    }
  });

  it('tells the later of two people what the earlier one did', async () => {
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    const control = page.getByRole('region', { name: 'Control' });
    await control.getByLabel(/^Size/).fill('14');
    await control.getByLabel('Why').fill('the later one');
    await control.getByText(/it stays at 14/).waitFor();
    // Both have decided upon the same group; the other's wish is there first.
    await page.route('**/v1/groups/web/set', async (route) => {
      await actOnWeb('set', { desired: 15, for: '10m', why: 'the earlier one' });
      await route.continue();
    });
    await control.getByRole('button', { name: 'Set the size' }).click();
    await control.getByText(/Someone was here before you/).waitFor();
    await control.getByText(/the earlier one/).waitFor();
    await page.getByText('Set to 15', { exact: true }).waitFor();
    expect(await page.getByText('Set to 14', { exact: true }).count()).toBe(0);
    await actOnWeb('resume', {});
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

  it(
    'compares an edited config on generated traffic to its end, and hands out its YAML',
    { timeout: longLimitMs },
    async () => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`${wire.url}/#/lab`);
      await page.getByLabel('Traffic').selectOption('square');
      await page.getByRole('combobox', { name: /^For/ }).selectOption('6h');
      const yaml = page.getByLabel('Config', { exact: true });
      const edited = (await yaml.inputValue()).replace('target: 60%', 'target: 55%');
      await yaml.fill(edited);
      await page.getByText('This config is sound.').waitFor();
      await page.getByRole('button', { name: 'Compare' }).click();
      const result = page.getByRole('region', { name: 'Result' });
      await result.getByRole('table').waitFor({ timeout: longLimitMs });
      const rows = result.getByRole('row');
      // The config and every rival, each with a cost.
      expect(await rows.count()).toBeGreaterThan(3);
      for (const text of (await rows.allTextContents()).slice(1)) expect(text).toMatch(/\$\d/);
      const chart = result.getByRole('img', { name: /comparison as a chart/ });
      const width = 'document.querySelector(".lab-chart").naturalWidth';
      await page.waitForFunction(`${width} > 0`);
      expect(await chart.isVisible()).toBe(true);
      await page.getByRole('button', { name: 'Copy the YAML' }).click();
      await page.getByRole('button', { name: '✓ Copied' }).waitFor();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(edited);
    },
  );

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

describe('who may do what', { timeout: limitMs }, () => {
  it('lets a viewer look, says so, and refuses what a viewer does behind its back', async () => {
    const { viewerToken } = await leadTo({ version: readVersion(), isReadingOpen: false });
    await page.goto(wire.url);
    await page.getByText(/shows itself only to those who have a token/).waitFor();
    await logIn(page, viewerToken);
    await page.goto(`${wire.url}/#/groups/web`);
    await page.getByText('You are looking only.').waitFor();
    expect(await page.getByRole('button', { name: 'Set the size' }).count()).toBe(0);
    const answer = await page.evaluate<{ status: number; detail: string }>(
      `fetch('/v1/groups/web/set', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ desired: 9, why: 'behind its back' }),
      }).then(async (response) => ({ status: response.status, ...(await response.json()) }))`,
    );
    expect(answer.status).toBe(403);
    expect(answer.detail).toContain('victor is a viewer');
    expect(answer.detail).toContain("an operator's token may act");
  });

  it('asks for the token again when the session has ended, and then goes on where it was', async () => {
    const { operatorToken } = await leadTo({ version: readVersion(), isReadingOpen: false });
    await page.goto(wire.url);
    await logIn(page, operatorToken);
    await page.goto(`${wire.url}/#/groups/web`);
    await page.getByRole('button', { name: 'Set the size' }).waitFor();
    await page.context().clearCookies();
    await page.getByText(/or your session has ended/).waitFor();
    await page.getByLabel('Token').fill('out of date');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText(/the token is not known here/).waitFor();
    await page.getByLabel('Token').fill(operatorToken);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Set the size' }).waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.title()).toBe('web · Foretide');
  });

  it('tells who acts after the session ended that it has, where reading is open', async () => {
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    const control = page.getByRole('region', { name: 'Control' });
    await control.getByLabel(/^Size/).fill('13');
    await control.getByLabel('Why').fill('too late');
    await control.getByText(/it stays at 13/).waitFor();
    await page.context().clearCookies();
    await control.getByRole('button', { name: 'Set the size' }).click();
    await control.getByText('Your session has ended.').waitFor();
    await page.getByRole('link', { name: 'Log in', exact: true }).waitFor();
    expect(await page.getByText('Set to 13', { exact: true }).count()).toBe(0);
  });
});

describe('a page that was left open', { timeout: longLimitMs }, () => {
  it('asks to be reloaded once the controller is of another version', async () => {
    await page.goto(`${wire.url}/#/groups/web`);
    await page.locator('.tile').first().waitFor();
    await leadTo({ version: '99.0.0', isReadingOpen: true });
    await page.getByText('The controller is now version 99.0.0.').waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    await page.getByRole('button', { name: 'Reload the page' }).click();
    await page.locator('.tile').first().waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    expect(await page.getByText(/The controller is now version/).count()).toBe(0);
  });

  it('shows anew what there is after a restart of the controller', async () => {
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    await page.getByRole('button', { name: 'Set the size' }).waitFor();
    await demo.stop();
    await page.getByText(/Disconnected since/).waitFor();
    // What was there is there still, to be read.
    expect(await page.locator('.tile').count()).toBeGreaterThan(0);
    await wire.cut();
    demo = await beginDemo();
    await wire.mend(Number(new URL(demo.httpAddress).port));
    await page.getByText(/The controller restarted at/).waitFor();
    await page.locator('[data-connection="live"]').waitFor();
    // A restart ends every session: nobody is shown as an operator who is none.
    await page.getByText('Your session has ended.').waitFor();
    const chart = page.getByRole('application');
    await expect
      .poll(() => chart.getAttribute('aria-label'), { timeout: waitMs })
      .toMatch(/demand \d/);
    await page.locator('.tile').first().waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByText(/The controller restarted at/).count()).toBe(0);
    await logIn();
    await page.goto(`${wire.url}/#/groups/web`);
    await page.getByRole('button', { name: 'Set the size' }).waitFor();
  });
});
