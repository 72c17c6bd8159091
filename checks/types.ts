// TypeScript 7 over everything; over the pure folders with neither Node's nor the browser's types, so
// that what a pure file must not use does not exist there; over what is published, whose exports
// must have types that can be written down; and over the page with the browser's. Nothing is emitted.

import { judge, runAlone, type Check } from './check.ts';
import { listSourceFiles } from './source-files.ts';
import { linesOf, runScript } from './tool.ts';

/** The first has every file but the page's; an error that it finds too is not said again for the others. */
const projects = [
  'tsconfig.json',
  'tsconfig.pure.json',
  'tsconfig.build.json',
  'tsconfig.dashboard.json',
];

export const types: Check = {
  name: 'types',
  run: async (root) => {
    const [everywhere = [], ...narrower] = await Promise.all(
      projects.map((project) => compile(project, root)),
    );
    const findings = [...everywhere];
    for (const [index, errors] of narrower.entries()) {
      const added = errors.filter((error) => !everywhere.includes(error));
      findings.push(...added.map((error) => `${error} (${projects[index + 1]})`));
    }
    const fileCount = listSourceFiles(root).filter((path) => /\.tsx?$/.test(path)).length;
    return judge(fileCount, 'files', findings);
  },
};

async function compile(project: string, root: string): Promise<readonly string[]> {
  const run = await runScript(
    'node_modules/typescript-7/bin/tsc',
    ['--project', project, '--noEmit', '--pretty', 'false'],
    root,
  );
  return run.exitCode === 0 ? [] : joinContinued(linesOf(run.stdout + run.stderr));
}

/** The compiler explains an error on indented lines below it: one finding all the same. */
function joinContinued(lines: readonly string[]): readonly string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last !== undefined && line.startsWith(' ')) joined[joined.length - 1] = last + line;
    else joined.push(line);
  }
  return joined;
}

if (import.meta.main) await runAlone(types);
