// `npm run check`: every check side by side, a line for each as it ends, its findings below. With
// names (`node checks/run.ts types lint`) only those.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryRoot } from './check.ts';
import { linesOf, runScript } from './tool.ts';

/** Each is `checks/<name>.ts`; the slow ones start first. */
const names = [
  'promises',
  'dead-code',
  'layering',
  'types',
  'purity',
  'lint',
  'format',
  'file-size',
];

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    console.error(`no check is called ${unknown}; there are: ${names.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const chosen = names.filter((name) => wanted.length === 0 || wanted.includes(name));
  const outcomes = await Promise.all(chosen.map((name) => runAndPrint(name)));
  const passed = outcomes.filter((hasPassed) => hasPassed).length;
  const failed = outcomes.length - passed;
  writeResult({ passed, failed });
  console.log(failed === 0 ? 'all checks passed' : `${failed} of ${outcomes.length} checks failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** Whether the check passed. A check that breaks has failed; the others still report. */
async function runAndPrint(name: string): Promise<boolean> {
  const startedAt = performance.now();
  const run = await runScript(`checks/${name}.ts`, [], repositoryRoot);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const findings = linesOf(run.stdout + run.stderr);
  const verdict = findings.findLast((line) => line.startsWith(`${name}: `)) ?? 'broke';
  console.log(`${name.padEnd(10)} ${seconds.padStart(5)} s  ${verdict.replace(`${name}: `, '')}`);
  for (const finding of findings) if (finding !== verdict) console.log(`  ${finding}`);
  return run.exitCode === 0;
}

/** For `.ci/run`, which adds what failed here to the tests that failed. */
function writeResult(result: { readonly passed: number; readonly failed: number }): void {
  const folder = join(repositoryRoot, 'test-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'checks.json'), `${JSON.stringify(result)}\n`);
}

await main(process.argv.slice(2));
