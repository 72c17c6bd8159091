// `foretide local-cloud`: the local cloud as a program of its own, its state in a file if wished.
// What it serves is src/localcloud; this file reads and writes, and says how to reach it.

import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Account } from '../../cloud/account/account.ts';
import { createClock } from '../../localcloud/clock.ts';
import type { Credentials } from '../../localcloud/keyring.ts';
import {
  restoreLocalAccount,
  startLocalCloud,
  type LocalCloud,
} from '../../localcloud/start-local-cloud.ts';
import { StartError } from '../start-error.ts';
import { waitForStopSignal } from '../stop-signal.ts';

export interface LocalCloudCommandOptions {
  readonly port: number;
  readonly speed: number;
  readonly seed: number;
  readonly credentials?: readonly Credentials[];
  /** `false` after `--no-throttling`. */
  readonly throttling: boolean;
  readonly state?: string;
}

export async function localCloud(options: LocalCloudCommandOptions): Promise<void> {
  const { speed, seed, state } = options;
  const account = state === undefined ? undefined : await readState(state);
  // A restored cloud lives on at the wall's time: what was due meanwhile happens at once.
  const startsAt = Math.max(Date.now(), account?.world.now ?? 0);
  const cloud = await listen(options.port, {
    clock: createClock({ speed, startsAt }),
    worldOptions: { seed },
    ...(account && { account }),
    ...(options.credentials && { credentials: options.credentials }),
    ...(!options.throttling && { throttling: 'off' }),
  });
  process.stdout.write(describe(cloud, options, account !== undefined));
  await waitForStopSignal();
  try {
    if (state !== undefined) await writeState(state, cloud);
  } finally {
    await cloud.close();
  }
}

async function listen(
  port: number,
  options: Parameters<typeof startLocalCloud>[0],
): Promise<LocalCloud> {
  try {
    return await startLocalCloud({ ...options, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    const why = code === 'EADDRINUSE' ? 'is in use' : 'may not be opened by this user';
    throw new StartError(`port ${port} ${why}; --port 0 takes a free one`, 1);
  }
}

/** `undefined`: there is no such file yet. */
async function readState(path: string): Promise<Account | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StartError(`${path}: ${error instanceof Error ? error.message : 'unreadable'}`, 1);
  }
  const restored = restoreLocalAccount(parseJson(path, text));
  if (restored.ok) return restored.value;
  throw new StartError(`${path}: ${restored.fault.message}`, 1);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new StartError(`${path}: no JSON; a file that --state has written is allowed`, 1);
  }
}

/** Beside the file first: one that is there is whole, whatever happens. */
async function writeState(path: string, cloud: LocalCloud): Promise<void> {
  const draft = `${path}.new`;
  try {
    await writeFile(draft, JSON.stringify(cloud.takeSnapshot()), { mode: 0o600, flush: true });
    await rename(draft, path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(`the state was not saved: ${why}`, 1);
  }
  process.stdout.write(`saved ${path}\n`);
}

function describe(
  { url, world }: LocalCloud,
  { speed, state, credentials }: LocalCloudCommandOptions,
  isRestored: boolean,
): string {
  const { region } = world.options;
  const [first] = credentials ?? [];
  const { accessKeyId, secretAccessKey } = first ?? { accessKeyId: 'local' };
  const origin = isRestored ? `restored from ${state}: ${world.groups.size} groups; ` : '';
  return [
    `local cloud at ${url} (${origin}${speed} × real time)`,
    '',
    `  export AWS_ENDPOINT_URL=${url}`,
    // Older command lines look only at the second.
    `  export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `  export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey ?? 'local'}`,
    '  aws autoscaling describe-auto-scaling-groups',
    '',
    `SDK clients: { endpoint: '${url}', region: '${region}' }. Ctrl-C ends it.`,
    '',
  ].join('\n');
}
