// What the pages tell people to type or to watch is there: commands and their options in docs/cli.md,
// scripts in package.json, metrics in docs/http.md; and every page stands on the front page.

import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = globSync('{README.md,docs/*.md}', { cwd: root })
  .filter((page) => page !== 'docs/cli.md')
  .toSorted();

function readPage(page: string): string {
  return readFileSync(`${root}${page}`, 'utf8');
}

interface Shown {
  readonly command: string;
  readonly options: readonly string[];
}

/** Words after `foretide` where a line of code begins with it, up to the next command or a comment. */
function listCommandLines(page: string): readonly string[] {
  const continued = readPage(page).replaceAll(/\\\n\s*/gu, ' ');
  const lines = continued.matchAll(/^ *(?:npx )?foretide ([a-z][^\n]*)$/gmu);
  return [...lines].map(([, words = '']) => words.replace(/\s+#.*$|[;|>].*$/u, ''));
}

/** Sections of docs/cli.md by command: `why`, `deploy up`. */
const sections = new Map(
  readPage('docs/cli.md')
    .split(/^## foretide /mu)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);

function readShown(words: string): Shown {
  const [first = '', second = ''] = words.split(' ');
  const command = sections.has(`${first} ${second}`) ? `${first} ${second}` : first;
  const options = [...words.matchAll(/(?<= |\[)--[a-z][a-z-]*/gu)].map(([option]) => option);
  return { command, options };
}

/** The agent's own flags stand in its section as well. */
function isKnown({ command, options }: Shown): boolean {
  const section = sections.get(command);
  return section !== undefined && options.every((option) => section.includes(option));
}

describe.each(pages)('%s', (page) => {
  it('shows only commands and options that there are', () => {
    const unknown = listCommandLines(page).filter((words) => !isKnown(readShown(words)));
    expect(unknown).toEqual([]);
  });

  it('names only scripts that there are', () => {
    const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
      readPage('package.json'),
    );
    const named = [...readPage(page).matchAll(/npm run ([a-z][a-z:-]*)/gu)].map(([, name]) => name);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });
});

it('the alerts watch only metrics that there are', () => {
  const reference = readPage('docs/http.md');
  const page = readPage('docs/operating.md');
  const named = [...page.matchAll(/\bforetide_[a-z_]+/gu)].map(([name]) => name);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !reference.includes(`\`${name}\``))).toEqual([]);
});

it('reads commands out of pages', () => {
  const count = pages.flatMap(listCommandLines).length;
  expect(count).toBeGreaterThan(30);
  expect(isKnown(readShown('why web --nt scale-in'))).toBe(false);
  expect(isKnown(readShown('wy web'))).toBe(false);
});

it('the front page leads to every page', () => {
  const front = readPage('docs/README.md');
  const missing = globSync('*.md', { cwd: `${root}docs` })
    .filter((page) => page !== 'README.md')
    .filter((page) => !front.includes(`](${page}`));
  expect(missing).toEqual([]);
});
