// oxlint with the repository's rules (`.oxlintrc.json`, which says why). A warning is a failure.

import { z } from 'zod';

import { judge, runAlone, type Check } from './check.ts';
import { runTool } from './tool.ts';

const report = z.object({
  number_of_files: z.number(),
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().default('syntax'),
      help: z.string().default(''),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })),
    }),
  ),
});

export const lint: Check = {
  name: 'lint',
  run: async (root) => {
    const run = await runTool('oxlint', ['--deny-warnings', '--format=json'], root);
    // Where oxlint cannot even start (a bad configuration) it prints a sentence, not JSON.
    if (!run.stdout.trimStart().startsWith('{')) {
      return judge(0, 'files', [run.stdout.trim() || run.stderr.trim()]);
    }
    const { number_of_files: fileCount, diagnostics } = report.parse(JSON.parse(run.stdout));
    const findings = diagnostics.map((diagnostic) => {
      const line = diagnostic.labels[0]?.span.line ?? 1;
      const advice = diagnostic.help === '' ? '' : ` ${diagnostic.help}`;
      return `${diagnostic.filename}:${line}: ${diagnostic.code}: ${diagnostic.message}${advice}`;
    });
    return judge(fileCount, 'files', findings.toSorted());
  },
};

if (import.meta.main) await runAlone(lint);
