// Debian's Chromium, without anything of it that talks to the outside.

import { chromium, type Browser } from 'playwright-core';

export const browserPath = '/usr/bin/chromium';
export const browserFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserPath, headless: true, args: [...browserFlags] });
}
