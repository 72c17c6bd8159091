// Runs the command line as a user does, and takes down all that it said.

import { spawn } from 'node:child_process';

const mainPath = new URL('../main.ts', import.meta.url).pathname;
/** A command that a test runs ends sooner, also where much else is run. */
const limitMs = 60_000;

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `foretide` with these arguments in a folder, to its end; what computes for long says so. */
export function runForetide(
  args: readonly string[],
  folder: string,
  timeout = limitMs,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [mainPath, ...args], { cwd: folder, timeout });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
