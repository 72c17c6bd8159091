// examples/README.md against the folder that it describes.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';

const folder = new URL('../../examples', import.meta.url).pathname;

test('names every example, and none that is not there', () => {
  const page = readFileSync(join(folder, 'README.md'), 'utf8');
  const linked = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path);
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'README.md')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
  expect(found.length).toBeGreaterThan(3);
  expect(linked.filter((path) => !path.startsWith('../')).toSorted()).toEqual(found.toSorted());
});
