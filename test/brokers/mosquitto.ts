// Runs Debian's mosquitto, and its commands, for a test.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificate.ts';
import { within } from './raw-client.ts';

export interface Mosquitto {
  readonly port: number;
  /** Ends it and forgets what it kept; `start` brings it back on the same port. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** For good. */
  close(): Promise<void>;
}

export interface MosquittoOptions {
  readonly logins?: readonly { readonly userName: string; readonly password: string }[];
  /** Lines of an access control list. */
  readonly accessControl?: readonly string[];
  /** Given: it speaks TLS alone. */
  readonly certificate?: Certificate;
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = await findFreePort();
  const folder = mkdtempSync(join(tmpdir(), 'foretide-mosquitto-'));
  const configPath = join(folder, 'mosquitto.conf');
  writeFileSync(configPath, describe(port, folder, options));
  let running: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const broker = spawn(findProgram('mosquitto'), ['-c', configPath], { stdio: 'pipe' });
    running = broker;
    await within('mosquitto to run', untilItRuns(broker));
  };
  const stop = async (): Promise<void> => {
    const ending = running;
    running = null;
    if (ending === null || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    port,
    start,
    stop,
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface CommandRun {
  readonly exitCode: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs `mosquitto_pub` to its end. */
export function runMosquittoPub(commandArguments: readonly string[]): Promise<CommandRun> {
  return followCommand('mosquitto_pub', commandArguments).ended;
}

export interface FollowedCommand {
  readonly ended: Promise<CommandRun>;
  /** Settles when it has printed this many lines. */
  lines(count: number): Promise<readonly string[]>;
  kill(): void;
}

/** Starts one of mosquitto's commands and reads what it prints. */
export function followCommand(
  name: 'mosquitto_pub' | 'mosquitto_sub',
  commandArguments: readonly string[],
): FollowedCommand {
  const command = spawn(findProgram(name), commandArguments, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  command.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  command.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = new Promise<CommandRun>((resolve) => {
    command.once('close', (exitCode) => resolve({ exitCode, output, errors }));
  });
  const lines = async (count: number): Promise<readonly string[]> => {
    const isThere = (): boolean => output.split('\n').length > count;
    await within(
      `${count} lines of ${name}`,
      new Promise<void>((resolve) => {
        if (isThere()) resolve();
        command.stdout.on('data', () => isThere() && resolve());
      }),
    );
    return output.split('\n').slice(0, count);
  };
  return { ended: within(`the end of ${name}`, ended), lines, kill: () => command.kill() };
}

/** A TCP port of the loopback interface that nothing listened on a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

function describe(port: number, folder: string, options: MosquittoOptions): string {
  const { logins, accessControl, certificate } = options;
  const lines = [`listener ${port} 127.0.0.1`, `user ${userInfo().username}`, 'log_dest stderr'];
  lines.push('set_tcp_nodelay true', 'max_queued_messages 0');
  if (logins === undefined) lines.push('allow_anonymous true');
  else {
    const path = join(folder, 'passwords');
    writeFileSync(path, '', { mode: 0o600 });
    for (const { userName, password } of logins) {
      execFileSync('mosquitto_passwd', ['-b', path, userName, password]);
    }
    lines.push('allow_anonymous false', `password_file ${path}`);
  }
  if (accessControl !== undefined) {
    const path = join(folder, 'access');
    writeFileSync(path, `${accessControl.join('\n')}\n`);
    lines.push(`acl_file ${path}`);
  }
  if (certificate !== undefined) {
    const [certificatePath, keyPath] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
    writeFileSync(certificatePath, certificate.certificate);
    writeFileSync(keyPath, certificate.key, { mode: 0o600 });
    lines.push(`certfile ${certificatePath}`, `keyfile ${keyPath}`);
  }
  return `${lines.join('\n')}\n`;
}

export function findProgram(name: string): string {
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin'];
  const path = folders.map((folder) => join(folder, name)).find((each) => existsSync(each));
  if (path === undefined) {
    throw new Error(`${name} is missing: apt-get install mosquitto mosquitto-clients`);
  }
  return path;
}

function untilItRuns(broker: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    broker.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (/ running\b/.test(said)) resolve();
    });
    broker.once('exit', () => reject(new Error(`mosquitto ended: ${said}`)));
  });
}
