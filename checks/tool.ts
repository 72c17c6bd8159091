// Runs a tool of this repository's node_modules on the Node that runs the check, so that a
// machine's own older Node is never picked up by a `#!` line.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** No tool here takes more than seconds; one that hangs is ended and reported. */
const toolLimitMs = 180_000;

export interface ToolRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `program` is a path inside node_modules, for example `.bin/knip`. */
export async function runTool(
  program: string,
  parameters: readonly string[],
  root: string,
): Promise<ToolRun> {
  const path = fileURLToPath(new URL(`../node_modules/${program}`, import.meta.url));
  const child = spawn(process.execPath, [path, ...parameters], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: toolLimitMs,
    env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === null) reject(new Error(`${program} was ended by ${signal ?? 'a signal'}`));
      else resolve({ exitCode: code, stdout, stderr });
    });
  });
}

/** What a tool printed, as lines without blank ones at the end of each. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
