// TypeScript 7 over everything, and once more over the pure folders with neither Node's nor the
// browser's types: what a pure file must not use does not exist there. Nothing is emitted.

import { judge, runAlone, type Check } from './check.ts';
import { listSourceFiles } from './source-files.ts';
import { linesOf, runTool } from './tool.ts';

export const types: Check = {
  name: 'types',
  run: async (root) => {
    const [everywhere, whenPure] = await Promise.all([
      compile('tsconfig.json', root),
      compile('tsconfig.pure.json', root),
    ]);
    const onlyWhenPure = whenPure
      .filter((line) => !everywhere.includes(line))
      .map((line) => `${line} (in a pure folder: tsconfig.pure.json)`);
    const fileCount = listSourceFiles(root).filter((path) => /\.tsx?$/.test(path)).length;
    return judge(fileCount, 'files', [...everywhere, ...onlyWhenPure]);
  },
};

async function compile(project: string, root: string): Promise<readonly string[]> {
  const run = await runTool('typescript-7/bin/tsc', ['-p', project, '--pretty', 'false'], root);
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
