// `npm run check`: every check, each on a line of its own as it ends, its findings below. With names
// (`node checks/run.ts types lint`) only those.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeVerdict, repositoryRoot, type Check, type Verdict } from './check.ts';
import { deadCode } from './dead-code.ts';
import { fileSize } from './file-size.ts';
import { format } from './format.ts';
import { layering } from './layering.ts';
import { lint } from './lint.ts';
import { purity } from './purity.ts';
import { types } from './types.ts';

const checks: readonly Check[] = [types, lint, format, layering, purity, fileSize, deadCode];

async function main(wanted: readonly string[]): Promise<void> {
  const known = checks.map((check) => check.name);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    console.error(`no check is called ${unknown}; there are: ${known.join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const chosen = checks.filter((check) => wanted.length === 0 || wanted.includes(check.name));
  const verdicts = await Promise.all(chosen.map((check) => runAndPrint(check)));
  const failed = verdicts.filter((verdict) => !verdict.passed).length;
  writeResult({ passed: verdicts.length - failed, failed });
  console.log(failed === 0 ? 'all checks passed' : `${failed} of ${verdicts.length} checks failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function runAndPrint(check: Check): Promise<Verdict> {
  const startedAt = performance.now();
  const verdict = await check.run(repositoryRoot).catch(describeCrash);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${check.name.padEnd(10)} ${seconds.padStart(5)} s  ${describeVerdict(verdict)}`);
  for (const finding of verdict.findings) console.log(`  ${finding}`);
  return verdict;
}

/** A check that breaks has failed; the others still report. */
function describeCrash(error: unknown): Verdict {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { passed: false, summary: 'the check itself broke', findings: [message] };
}

/** For `.ci/run`, which adds what failed here to the tests that failed. */
function writeResult(result: { readonly passed: number; readonly failed: number }): void {
  const folder = join(repositoryRoot, 'test-results');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'checks.json'), `${JSON.stringify(result)}\n`);
}

await main(process.argv.slice(2));
