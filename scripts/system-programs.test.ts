import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import {
  findMissingPackages,
  planProvision,
  systemPackages,
  withSystemFolders,
  type Machine,
} from './system-programs.ts';

const laptop: Machine = {
  isRoot: false,
  isContinuousIntegration: false,
  hasAptGet: true,
  hasSudo: true,
};

function folderWith(programs: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-programs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const program of programs) {
    writeFileSync(join(folder, program), '');
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
}

describe('planProvision', () => {
  it('does nothing where nothing is missing', () => {
    expect(planProvision([], laptop)).toEqual({ kind: 'complete' });
  });

  it('names packages and command in one line on a machine that is someone’s own', () => {
    const line =
      'the tests need programs of these Debian packages: mosquitto haproxy; install them with ' +
      '`sudo apt-get install --no-install-recommends mosquitto haproxy`';
    expect(planProvision(['mosquitto', 'haproxy'], laptop)).toEqual({ kind: 'refuse', line });
  });

  it('installs as root', () => {
    expect(planProvision(['mosquitto'], { ...laptop, isRoot: true, hasSudo: false })).toEqual({
      kind: 'install',
      command: ['sh', 'scripts/install-packages.sh', 'mosquitto'],
    });
  });

  it('installs through sudo with CI=true', () => {
    expect(planProvision(['mosquitto'], { ...laptop, isContinuousIntegration: true })).toEqual({
      kind: 'install',
      command: ['sudo', '--non-interactive', 'sh', 'scripts/install-packages.sh', 'mosquitto'],
    });
  });

  it.each([
    ['CI=true without sudo', { isContinuousIntegration: true, hasSudo: false }],
    ['root without apt-get', { isRoot: true, hasAptGet: false }],
  ])('refuses for %s', (_, difference) => {
    expect(planProvision(['mosquitto'], { ...laptop, ...difference }).kind).toBe('refuse');
  });
});

describe('findMissingPackages', () => {
  it('names every package on an empty path', () => {
    expect(findMissingPackages(folderWith([]))).toEqual(systemPackages.map(({ name }) => name));
  });

  it('names a package of which one program is missing', () => {
    const all = systemPackages.flatMap(({ programs }) => programs);
    const path = folderWith(all.filter((program) => program !== 'mosquitto_sub'));
    expect(findMissingPackages(path)).toEqual(['mosquitto-clients']);
  });
});

describe('withSystemFolders', () => {
  it('adds where Debian keeps its daemons, also to no path at all', () => {
    expect(withSystemFolders('/usr/bin')).toMatch(/^\/usr\/bin:.*:\/usr\/sbin:/);
    expect(withSystemFolders(undefined)).toMatch(/^\/usr\/local\/sbin:\/usr\/sbin:/);
  });
});
