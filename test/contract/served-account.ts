// The local cloud as the suites of its JSON services use it: the real server, an account of their
// own behind it, time under the test's control.

import type { AccountOptions } from '../../src/cloud/account/account.ts';
import { createAccount } from '../../src/cloud/account/account.ts';
import { World } from '../../src/cloud/world.ts';
import type { Clock } from '../../src/localcloud/clock.ts';
import { digestContent } from '../../src/localcloud/sqs/message-digest.ts';
import { startLocalCloud } from '../../src/localcloud/start-local-cloud.ts';

export const ACCOUNT_ID = '123456789012';
export const REGION = 'us-east-1';

export interface ServedAccount {
  /** For example `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** What every SDK client of the tests is made with. */
  readonly clientConfig: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  close(): Promise<void>;
}

/** Signatures are checked for truth: what the SDK sends must be signed as AWS wants it. */
export async function serveAccount(
  clock: Clock,
  options: Partial<AccountOptions> = {},
): Promise<ServedAccount> {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const account = createAccount(new World(clock.now()), {
    contentDigest: digestContent,
    ...options,
  });
  const cloud = await startLocalCloud({
    clock,
    account,
    credentials: [credentials],
    throttling: 'off',
  });
  return {
    endpoint: cloud.url,
    clientConfig: { endpoint: cloud.url, region: REGION, maxAttempts: 1, credentials },
    close: () => cloud.close(),
  };
}
