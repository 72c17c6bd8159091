// ARCHITECTURE.md leaves out no folder and no dependency.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}ARCHITECTURE.md`, 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| '));

/** What the first cells of the tables name. */
const named = rows.flatMap((row) => {
  const [, first = ''] = row.split('|');
  return [...first.matchAll(/`([^`]+)`/gu)].map(([, name]) => name);
});

function listPackages(kind: 'dependencies' | 'devDependencies'): readonly string[] {
  const manifest: Record<typeof kind, Record<string, string>> = JSON.parse(
    readFileSync(`${root}package.json`, 'utf8'),
  );
  return Object.keys(manifest[kind]);
}

function listFolders(path: string): readonly string[] {
  return readdirSync(`${root}${path}`, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
    .map(({ name }) => name);
}

it('has a line for every folder of src', () => {
  const folders = listFolders('src').map((name) => `src/${name}`);
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((folder) => !named.includes(folder))).toEqual([]);
});

it.each(['src/core', 'src/simulation'])('names every folder of %s', (path) => {
  expect(listFolders(path).filter((folder) => !named.includes(folder))).toEqual([]);
});

it.each(['dependencies', 'devDependencies'] as const)('says why, for all %s', (kind) => {
  expect(listPackages(kind).filter((name) => !named.includes(name))).toEqual([]);
});
