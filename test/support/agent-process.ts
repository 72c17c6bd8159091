// Runs the bundled agent as a process of its own, as it runs on an instance.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildAgent } from '../../scripts/build-agent.ts';

export interface AgentBundle {
  readonly path: string;
  remove(): void;
}

export async function makeBundle(): Promise<AgentBundle> {
  const folder = mkdtempSync(join(tmpdir(), 'foretide-agent-'));
  const { path } = await buildAgent(folder);
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface AgentProcess {
  readonly child: ChildProcess;
  readonly output: { stdout: string; stderr: string };
  /** Its exit code, or null if a signal ended it. */
  readonly exited: Promise<number | null>;
}

/** The metadata of EC2 is never asked by a test: its place is taken by a port that nobody has. */
const environment = {
  PATH: process.env['PATH'],
  AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
};

export function startAgent(
  bundlePath: string,
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): AgentProcess {
  const flags = ['--jitless', '--max-old-space-size=16', '--max-semi-space-size=1'];
  const child = spawn(process.execPath, [...flags, bundlePath, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, ...variables },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code));
  });
  return { child, output, exited };
}
