// Every link of the documentation leads somewhere: to a file that is there, and to a heading in it.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync('{*.md,docs/**/*.md,examples/**/*.md}', { cwd: root }).toSorted();

/** Code is no text: what looks like a link there is none. */
function readText(page: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  return text.replaceAll(/^```[^]*?^```$/gmu, '').replaceAll(/`[^`\n]*`/gu, 'code');
}

/** As GitHub makes anchors of headings. */
function listAnchors(page: string): ReadonlySet<string> {
  const text = readFileSync(join(root, page), 'utf8').replaceAll(/^```[^]*?^```$/gmu, '');
  const anchors = new Set<string>();
  const seen = new Map<string, number>();
  for (const [, heading = ''] of text.matchAll(/^#+ (.+)$/gmu)) {
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1').replaceAll('`', '');
    const anchor = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/gu, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    anchors.add(times === 0 ? anchor : `${anchor}-${times}`);
  }
  return anchors;
}

it('there are pages', () => {
  expect(pages.length).toBeGreaterThan(15);
});

it.each(pages)('the links of %s lead somewhere', (page) => {
  const broken: string[] = [];
  for (const [, link = ''] of readText(page).matchAll(/\]\(([^)\s]+)\)/gu)) {
    if (/^[a-z]+:/u.test(link)) continue;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(root, target))) broken.push(link);
    else if (anchor !== undefined && target.endsWith('.md') && !listAnchors(target).has(anchor)) {
      broken.push(link);
    }
  }
  expect(broken).toEqual([]);
});
