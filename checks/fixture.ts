// Makes a little repository of a fixture: the files of `checks/fixtures/<name>` under this
// repository's own configuration, in a temporary folder. So a check is tested with the very rules it
// enforces, on paths such as `src/core/…`, while no tool ever meets the fixtures in their own place.

import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { repositoryRoot, type Check, type Verdict } from './check.ts';

const configurationFiles = [
  '.dependency-cruiser.mjs',
  '.gitignore',
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.jsonc',
  'package.json',
  'tsconfig.build.json',
  'tsconfig.dashboard.json',
  'tsconfig.json',
  'tsconfig.pure.json',
  'vitest.config.ts',
];

/** The check's verdict on a fixture. A fixture that does not exist is an empty repository. */
export async function runOnFixture(check: Check, fixture: string): Promise<Verdict> {
  const root = mkdtempSync(join(tmpdir(), 'foretide-fixture-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const file of configurationFiles) cpSync(join(repositoryRoot, file), join(root, file));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'), 'dir');
  const source = join(repositoryRoot, 'checks/fixtures', fixture);
  if (existsSync(source)) cpSync(source, root, { recursive: true });
  return check.run(root);
}
