// The whole account as plain JSON with a version, and an account from it that goes on as the first
// would have.

import { snapshotCloudWatch } from '../cloudwatch/snapshot.ts';
import type { Outcome } from '../fault.ts';
import { refuse } from '../fault.ts';
import type { Snapshot } from '../snapshot.ts';
import { restoreSnapshot, takeSnapshot } from '../snapshot.ts';
import type { PlainJson } from '../plain-json.ts';
import { fromPlainJson, toOrderedJson } from '../plain-json.ts';
import { snapshotSqs } from '../sqs/snapshot.ts';
import type { Account, AccountParts, AccountOptions } from './account.ts';
import { restoreParts } from './account.ts';

/** Raised with every change of the shape; no older one is read. Its parts have versions, too. */
export const ACCOUNT_STATE_VERSION = 4;

export interface AccountState extends Pick<AccountParts, 'sqs' | 'cloudWatch' | 'counters'> {
  readonly accountVersion: typeof ACCOUNT_STATE_VERSION;
  readonly world: Snapshot;
  /** Stacks, stored resources, the event bus, and what was handed out or signs. */
  readonly named: PlainJson;
}

export function snapshotAccount(account: Account): AccountState {
  const { world, cloudWatch, sqs, counters, eventBus, registry, secrets } = account;
  const { stacks, nextNumber } = account.cloudFormation;
  return {
    accountVersion: ACCOUNT_STATE_VERSION,
    world: takeSnapshot(world),
    cloudWatch: snapshotCloudWatch(cloudWatch),
    sqs: snapshotSqs(sqs),
    counters: { ...counters },
    named: toOrderedJson({ eventBus, registry, cloudFormation: { stacks, nextNumber }, secrets }),
  };
}

type NamedParts = Pick<AccountParts, 'eventBus' | 'registry' | 'cloudFormation' | 'secrets'>;

/** The account, or one line on why it cannot be had. */
export function restoreAccount(state: unknown, options: AccountOptions): Outcome<Account> {
  const isObject = typeof state === 'object' && state !== null;
  const version = isObject && 'accountVersion' in state ? state.accountVersion : undefined;
  if (!isObject || version !== ACCOUNT_STATE_VERSION) {
    return refuse(
      'UnknownSnapshot',
      `the saved cloud has version ${JSON.stringify(version) ?? 'none'}; ` +
        `this program reads version ${ACCOUNT_STATE_VERSION} only`,
    );
  }
  // The version says that `snapshotAccount` of this very shape wrote it.
  const saved = state as AccountState;
  const world = restoreSnapshot(saved.world);
  if (!world.ok) return world;
  const named = fromPlainJson(saved.named) as NamedParts;
  return restoreParts(world.value, options, { ...saved, ...named });
}
