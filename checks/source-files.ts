// Which files are the project's own source, and which of them are test code. Every check that walks
// the tree itself asks here; the tools' configurations say the same in their own words.

import { existsSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const sourceFolders = ['src', 'test', 'bench', 'checks', 'scripts', 'examples', 'bin'];
const sourcePattern = /\.(ts|tsx|mjs|cjs|js|sh)$/;
const skippedPattern = /(^|\/)(node_modules|dist)\/|^checks\/fixtures\//;
const testPattern = /\.test\.tsx?$|(^|\/)testing\/|^test\//;

/** The folders in which time, randomness and I/O come in through ports only. */
export const pureFolders = [
  'src/core',
  'src/wire',
  'src/config',
  'src/cloud',
  'src/simulation',
  'src/controller',
];

/** Paths from `root`, with `/`, sorted. Fixtures of checks, builds and packages are left out. */
export function listSourceFiles(root: string): readonly string[] {
  const found: string[] = [];
  for (const folder of sourceFolders) {
    if (!existsSync(join(root, folder))) continue;
    for (const entry of readdirSync(join(root, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !sourcePattern.test(entry.name)) continue;
      const path = relative(root, join(entry.parentPath, entry.name)).split(sep).join('/');
      if (!skippedPattern.test(path)) found.push(path);
    }
  }
  return found.toSorted();
}

/** Whether a file is there for tests only: `*.test.ts`, a folder `testing`, or `test/`. */
export function isTestFile(path: string): boolean {
  return testPattern.test(path);
}

/** The code of the pure folders, without its tests. */
export function listPureFiles(root: string): readonly string[] {
  return listSourceFiles(root).filter(
    (path) => pureFolders.some((folder) => path.startsWith(`${folder}/`)) && !isTestFile(path),
  );
}
