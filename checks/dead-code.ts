// knip: files that nothing reaches, exports that nobody imports, packages that are not used or not
// declared (`knip.jsonc` says what counts as a use). Two passes: everything, where tests are users
// too, and what ships alone, where a module that only its own test imports is found.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import { judge, runAlone, type Check } from './check.ts';
import { listSourceFiles } from './source-files.ts';
import { runTool } from './tool.ts';

/** Use is counted from here. Without it only imports that lead nowhere can be judged. */
const compositionRoot = 'src/cli/main.ts';

const advice: ReadonlyMap<string, string> = new Map([
  ['files', 'nothing reaches this file: delete it, or import it'],
  ['exports', 'nobody imports it: drop `export`, or delete it'],
  ['types', 'nobody imports this type: drop `export`, or delete it'],
  ['dependencies', 'nothing uses this package: remove it from package.json'],
  ['devDependencies', 'nothing uses this package: remove it from package.json'],
  ['unlisted', 'used but not in package.json: declare it'],
  ['unresolved', 'leads to no file: correct the path'],
]);

const item = z.object({ name: z.string(), line: z.number().optional() });
const issue = z.object({ file: z.string() }).catchall(z.array(item));
const report = z.object({ issues: z.array(issue) });

export const deadCode: Check = {
  name: 'dead-code',
  run: async (root) => {
    const fileCount = listSourceFiles(root).length;
    if (!existsSync(join(root, compositionRoot))) {
      const findings = await runKnip(['--include', 'unlisted,unresolved'], root);
      const verdict = judge(fileCount, 'files', findings);
      return { ...verdict, summary: `imports only: there is no ${compositionRoot} yet` };
    }
    const [everywhere, shipped] = await Promise.all([
      runKnip(['--exclude', 'duplicates'], root),
      runKnip(['--production', '--include', 'files'], root),
    ]);
    const onlyTested = shipped
      .filter((finding) => !everywhere.includes(finding))
      .map((finding) => `${finding} (only tests import it)`);
    return judge(fileCount, 'files', [...everywhere, ...onlyTested]);
  },
};

async function runKnip(parameters: readonly string[], root: string): Promise<readonly string[]> {
  const options = ['--no-config-hints', '--no-progress', '--reporter', 'json', ...parameters];
  const run = await runTool('knip', options, root);
  if (!run.stdout.startsWith('{')) return [`knip did not report: ${run.stderr.trim()}`];
  const { issues } = report.parse(JSON.parse(run.stdout));
  return issues.flatMap(({ file, ...kinds }) =>
    Object.entries(kinds).flatMap(([kind, items]) =>
      items.map(({ name, line }) => {
        const place = kind === 'files' ? file : `${file}:${line ?? 1}: ${name}`;
        return `${place}: ${advice.get(kind) ?? kind}`;
      }),
    ),
  );
}

if (import.meta.main) await runAlone(deadCode);
