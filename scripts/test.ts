// `npm test`: makes sure of the system programs that tests start, runs vitest with the parameters it
// was given, and ends with `N passed, N failed` on a line of its own.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
  findMissingPackages,
  isOnPath,
  planProvision,
  withSystemFolders,
} from './system-programs.ts';
import { failedFiles, formatTally, readRun, tallyRun, withSecondRun } from './test-tally.ts';
import type { TestRun } from './test-tally.ts';

/** Installing takes seconds, minutes on a slow line; then something else is wrong. */
const installLimitMs = 600_000;
/** A run that hangs is ended and counts as failed. */
const runLimitMs = 1_800_000;
/** How often files that failed run again on CI, one after another and with nothing beside them. */
const secondRuns = 2;
/** With more files than this failing, something is broken: running them again would only take time. */
const secondRunFiles = 12;

const root = fileURLToPath(new URL('..', import.meta.url));
/** `FORETIDE_TEST_RESULTS` puts the reports elsewhere. */
const resultsFolder = process.env['FORETIDE_TEST_RESULTS'] ?? join(root, 'test-results');
const path = withSystemFolders(process.env['PATH']);

async function main(parameters: readonly string[]): Promise<number> {
  const fault = provideSystemPrograms();
  if (fault !== null) {
    console.error(fault);
    return 1;
  }
  mkdirSync(resultsFolder, { recursive: true });
  const { run, remarks } = await runAgainOnCi(
    await runVitest(parameters, 'vitest.json'),
    parameters,
  );
  const tally = tallyRun(run);
  writeFileSync(join(resultsFolder, 'tests.json'), `${JSON.stringify(tally)}\n`);
  for (const remark of [...remarks, ...tally.remarks]) console.log(remark);
  console.log(formatTally(tally));
  return tally.failed === 0 ? 0 : 1;
}

/** Null once every program is there, else the line that says what is missing. */
function provideSystemPrograms(): string | null {
  const provision = planProvision(findMissingPackages(path), {
    isRoot: process.getuid?.() === 0,
    isContinuousIntegration: process.env['CI'] === 'true',
    hasAptGet: isOnPath('apt-get', path),
    hasSudo: isOnPath('sudo', path),
  });
  if (provision.kind === 'complete') return null;
  if (provision.kind === 'refuse') return provision.line;
  const [program = 'sh', ...parameters] = provision.command;
  console.log(`installing for the tests: ${provision.command.join(' ')}`);
  const { status } = spawnSync(program, parameters, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: installLimitMs,
    env: { ...process.env, PATH: path },
  });
  const stillMissing = findMissingPackages(path);
  if (status === 0 && stillMissing.length === 0) return null;
  const names = stillMissing.join(' ');
  return `apt-get ended with ${status ?? 'no code'}; still missing, or not set up: ${names}`;
}

/**
 * Real processes and sockets on machines shared with strangers fail now and then through nobody's
 * fault. On CI what failed runs again by itself, and what passes then is named, so that it can be
 * mended; on a developer's machine a failure stands.
 */
async function runAgainOnCi(
  first: TestRun,
  parameters: readonly string[],
): Promise<{ run: TestRun; remarks: readonly string[] }> {
  let run = first;
  const failedAtFirst = failedFiles(first);
  if (process.env['CI'] !== 'true' || failedAtFirst.length > secondRunFiles) {
    return { run, remarks: [] };
  }
  for (let count = 1; count <= secondRuns && failedFiles(run).length > 0; count += 1) {
    const files = failedFiles(run);
    console.log(`running again what failed: ${files.join(' ')}`);
    const alone = [...parameters, '--no-file-parallelism', ...files];
    run = withSecondRun(run, await runVitest(alone, `vitest-again-${count}.json`));
  }
  const stillFailing = new Set(failedFiles(run));
  return {
    run,
    remarks: failedAtFirst
      .filter((name) => !stillFailing.has(name))
      .map((name) => `${name}: failed at first and passed when it ran again`),
  };
}

/** Runs vitest to its end; a signal counts as code 1. */
async function runVitest(parameters: readonly string[], reportName: string): Promise<TestRun> {
  const reportFile = join(resultsFolder, reportName);
  rmSync(reportFile, { force: true });
  const exitCode = await spawnVitest(parameters, reportFile);
  return readRun(existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : null, exitCode);
}

/** Vitest's exit code; 1 where a signal ended it. */
async function spawnVitest(parameters: readonly string[], reportFile: string): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...parameters,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: runLimitMs,
      env: { ...process.env, PATH: path },
    },
  );
  // An interrupt reaches vitest by itself, from the terminal; the tally still follows.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main(process.argv.slice(2));
