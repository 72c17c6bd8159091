// Runs Debian's mosquitto on a free port of the loopback interface, with a configuration of its own
// in a folder that goes with it.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { CertificateFiles } from './certificates.ts';

export interface MosquittoOptions {
  readonly login?: { readonly username: string; readonly password: string };
  readonly certificate?: CertificateFiles;
}

export interface Mosquitto {
  readonly port: number;
  /** Ends the broker and what it keeps; `start` brings an empty one back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** For good. */
  close(): Promise<void>;
}

const startTimeoutMs = 10_000;

export function mosquittoPath(): string {
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'mosquitto'));
  const path = [...onPath, '/usr/sbin/mosquitto'].find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error('no mosquitto: apt-get install mosquitto');
  return path;
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'foretide-mosquitto-'));
  const configPath = join(folder, 'mosquitto.conf');
  writeFileSync(configPath, describeConfig(port, folder, options));
  let broker: ChildProcess | null = null;

  async function start(): Promise<void> {
    broker = spawn(mosquittoPath(), ['-c', configPath], { stdio: ['ignore', 'ignore', 'pipe'] });
    await untilItRuns(broker);
  }
  async function stop(): Promise<void> {
    const ending = broker;
    broker = null;
    if (ending === null || ending.exitCode !== null) return;
    await new Promise((resolve) => {
      ending.once('exit', resolve);
      ending.kill('SIGKILL');
    });
  }
  async function close(): Promise<void> {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  }
  await start();
  return { port, start, stop, close };
}

function describeConfig(port: number, folder: string, options: MosquittoOptions): string {
  const { login, certificate } = options;
  const lines = [`listener ${port} 127.0.0.1`, `user ${userInfo().username}`, 'log_dest stderr'];
  // mosquitto waits 20 to 100 ms for company before it acknowledges, unless told not to.
  lines.push('set_tcp_nodelay true');
  if (login === undefined) {
    lines.push('allow_anonymous true');
  } else {
    const passwordPath = join(folder, 'passwords');
    const entry = ['-b', '-c', passwordPath, login.username, login.password];
    execFileSync('mosquitto_passwd', entry);
    lines.push('allow_anonymous false', `password_file ${passwordPath}`);
  }
  if (certificate !== undefined) {
    lines.push(`certfile ${certificate.certificatePath}`, `keyfile ${certificate.keyPath}`);
  }
  return `${lines.join('\n')}\n`;
}

function untilItRuns(broker: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    const timer = setTimeout(() => reject(new Error(`no mosquitto: ${log}`)), startTimeoutMs);
    broker.once('exit', () => reject(new Error(`mosquitto ended: ${log}`)));
    broker.once('error', reject);
    broker.stderr?.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
      if (!log.includes(' running')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
