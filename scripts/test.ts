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
import { formatTally, tallyRun } from './test-tally.ts';

/** Installing takes seconds, minutes on a slow line; then something else is wrong. */
const installLimitMs = 600_000;
/** A run that hangs is ended and counts as failed. */
const runLimitMs = 1_800_000;

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
  const reportFile = join(resultsFolder, 'vitest.json');
  mkdirSync(resultsFolder, { recursive: true });
  rmSync(reportFile, { force: true });
  const exitCode = await runVitest(parameters, reportFile);
  const text = existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : null;
  const tally = tallyRun(text, exitCode);
  writeFileSync(join(resultsFolder, 'tests.json'), `${JSON.stringify(tally)}\n`);
  for (const remark of tally.remarks) console.log(remark);
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

/** Vitest's exit code; 1 where a signal ended it. */
async function runVitest(parameters: readonly string[], reportFile: string): Promise<number> {
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
