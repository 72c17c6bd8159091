// oxfmt on everything it can format (`.oxfmtrc.json`). `npm run format` corrects what this finds.

import { judge, runAlone, type Check } from './check.ts';
import { linesOf, runTool } from './tool.ts';

export const format: Check = {
  name: 'format',
  run: async (root) => {
    const run = await runTool('oxfmt', ['--check'], root);
    const output = run.stdout + run.stderr;
    const fileCount = Number(/ on (\d+) files/.exec(output)?.[1] ?? 0);
    const paths = linesOf(output).flatMap((line) => /^(.+) \(\d+ms\)$/.exec(line)?.[1] ?? []);
    const findings = paths.map((path) => `${path}: not formatted; run \`npm run format\``);
    const isExplained = run.exitCode === 0 || (run.exitCode === 1 && findings.length > 0);
    return judge(fileCount, 'files', isExplained ? findings : [...findings, output.trim()]);
  },
};

if (import.meta.main) await runAlone(format);
