// Runs a script or a tool of this repository on the Node that runs the check, so that a machine's
// own older Node is never picked up by a `#!` line.

import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { repositoryRoot } from './check.ts';

/** No tool here takes more than seconds, minutes on a busy machine; one that hangs is ended and told. */
const toolLimitMs = 900_000;

export interface ToolRun {
  /** 1 where a signal ended it; `stderr` says which. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `script`, a path from this repository's root, in `folder`. */
export async function runScript(
  script: string,
  parameters: readonly string[],
  folder: string,
): Promise<ToolRun> {
  const child = spawn(process.execPath, [join(repositoryRoot, script), ...parameters], {
    cwd: folder,
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
      if (signal !== null) stderr += `${script} was ended by ${signal}\n`;
      resolve({ exitCode: code ?? 1, stdout, stderr });
    });
  });
}

/** Runs a tool by its name in node_modules/.bin, in `folder`. */
export async function runTool(
  name: string,
  parameters: readonly string[],
  folder: string,
): Promise<ToolRun> {
  return runScript(`node_modules/.bin/${name}`, parameters, folder);
}

/** What a tool printed, as lines without blank ones at the end of each. */
export function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}
