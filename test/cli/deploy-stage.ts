// A local cloud in this process, and the command line in its own against it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createClock } from '../../src/localcloud/clock.ts';
import { startLocalCloud, type LocalCloud } from '../../src/localcloud/start-local-cloud.ts';

const program = new URL('../../src/cli/main.ts', import.meta.url).pathname;

export interface Ran {
  readonly exitCode: unknown;
  readonly output: string;
  readonly errors: string;
}

export interface DeployStage {
  readonly cloud: LocalCloud;
  readonly home: string;
  /** For an SDK's client. */
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Runs `foretide` with the cloud as its endpoint. */
  run(words: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Ran>;
  /** The same, and interrupts it as soon as it has written that. */
  interrupt(words: readonly string[], written: string): Promise<Ran>;
  close(): Promise<void>;
}

/** So fast that a stack of three minutes takes half a second. */
const speedDefault = 400;

export async function openDeployStage(speed = speedDefault): Promise<DeployStage> {
  const cloud = await startLocalCloud({ clock: createClock({ speed }), throttling: 'off' });
  const home = mkdtempSync(join(tmpdir(), 'foretide-deploy-'));
  return {
    cloud,
    home,
    settings: {
      endpoint: cloud.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    run: (words, environment = {}) =>
      runForetide(words, home, { AWS_ENDPOINT_URL: cloud.url, ...localIdentity, ...environment }),
    interrupt: (words, written) =>
      runForetide(words, home, { AWS_ENDPOINT_URL: cloud.url, ...localIdentity }, written),
    async close() {
      await cloud.close();
      rmSync(home, { recursive: true });
    },
  };
}

/** Whoever a local cloud lets in. */
export const localIdentity = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
};

/** Without any of this machine's own credentials. */
export async function runForetide(
  words: readonly string[],
  home: string,
  environment: Readonly<Record<string, string>>,
  interruptAt: string | null = null,
): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: home,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...environment,
    },
  });
  if (interruptAt !== null) {
    let written = '';
    let isInterrupted = false;
    child.stdout.on('data', (piece: Buffer) => {
      written += piece.toString();
      // Once: a second interrupt ends a program that is answering the first.
      if (isInterrupted || !written.includes(interruptAt)) return;
      isInterrupted = true;
      child.kill('SIGINT');
    });
  }
  const [output, errors, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { exitCode, output, errors };
}

/** Everything in the account that costs money or stands in somebody's way. */
export function countLeftovers({ account, world }: LocalCloud): number {
  return (
    account.registry.resources.size +
    world.groups.size +
    world.launchTemplates.size +
    account.eventBus.rules.size +
    account.cloudWatch.alarms.size +
    [...world.instances.values()].filter(({ machine }) => machine !== 'terminated').length
  );
}
