// dependency-cruiser with the layers of `.dependency-cruiser.mjs`. Beside the rules this makes sure
// that every file was really read: where dependency-cruiser finds no compiler that it knows (the
// package named `typescript` at 7 or above) it reads no `.ts` file and reports no violation.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

import { judge, runAlone, type Check } from './check.ts';
import { listSourceFiles } from './source-files.ts';
import { runTool } from './tool.ts';

const cruisedFolders = ['src', 'test', 'bench', 'checks', 'scripts', 'examples'];

const report = z.object({
  modules: z.array(z.object({ source: z.string() })),
  summary: z.object({
    violations: z.array(
      z.object({
        from: z.string(),
        to: z.string(),
        rule: z.object({ name: z.string() }),
        cycle: z.array(z.object({ name: z.string() })).default([]),
      }),
    ),
    ruleSetUsed: z.object({
      forbidden: z.array(z.object({ name: z.string(), comment: z.string() })),
    }),
  }),
});

export const layering: Check = {
  name: 'layering',
  run: async (root) => {
    const folders = cruisedFolders.filter((folder) => existsSync(join(root, folder)));
    if (folders.length === 0) return judge(0, 'modules', []);
    const run = await runTool(
      'depcruise',
      ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...folders],
      root,
    );
    if (!run.stdout.startsWith('{')) return judge(0, 'modules', [run.stderr.trim()]);
    const { modules, summary } = report.parse(JSON.parse(run.stdout));
    const read = new Set(modules.map((module) => module.source));
    const expected = listSourceFiles(root).filter((path) => isCruised(path));
    const unread = expected.filter((path) => !read.has(path));
    const advice = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));
    const violations = summary.violations.map(({ from, to, rule, cycle }) => {
      const way = cycle.length === 0 ? to : cycle.map((step) => step.name).join(' → ');
      return `${from} → ${way}: ${rule.name}: ${advice.get(rule.name) ?? ''}`;
    });
    return judge(expected.length - unread.length, 'modules', [
      ...unread.map((path) => `${path}: not read (is the package named typescript below 7?)`),
      ...violations,
    ]);
  },
};

function isCruised(path: string): boolean {
  return /\.tsx?$/.test(path) && cruisedFolders.some((folder) => path.startsWith(`${folder}/`));
}

if (import.meta.main) await runAlone(layering);
