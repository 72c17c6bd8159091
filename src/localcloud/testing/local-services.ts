// The services of the local cloud without a wire: operations called by name on an account, time
// passed by hand. For simulations of many calls.

import type { Account } from '../../cloud/account/account.ts';
import { advanceAccount, createAccount } from '../../cloud/account/account.ts';
import { snapshotAccount } from '../../cloud/account/snapshot.ts';
import type { Outcome } from '../../cloud/fault.ts';
import { World } from '../../cloud/world.ts';
import type { WorldOptions } from '../../cloud/world-options.ts';
import { createSwitchboard } from '../create-switchboard.ts';
import { createFaultControl } from '../fault-control.ts';
import { createManualClock } from '../manual-clock.ts';
import { digestContent } from '../sqs/message-digest.ts';
import { restoreLocalAccount } from '../start-local-cloud.ts';

type Output = Readonly<Record<string, unknown>>;

export interface LocalServices {
  readonly account: Account;
  call(service: string, operation: string, input: Output): Outcome<Output>;
  pass(ms: number): void;
  /** The same cloud from a saved state that has been text in between. */
  saveAndRestore(): LocalServices;
}

const START = Date.parse('2026-03-02T10:00:00Z');

export function createLocalServices(options: Partial<WorldOptions> = {}): LocalServices {
  return serve(createAccount(new World(START, options), { contentDigest: digestContent }));
}

function serve(account: Account): LocalServices {
  const { world } = account;
  const board = createSwitchboard(
    { throttling: 'off' },
    {
      account,
      url: 'http://127.0.0.1:4566',
      clock: createManualClock(world.now),
      advance: () => world.now,
      faults: createFaultControl(),
      closing: new AbortController().signal,
    },
  );
  const { region, accountId } = world.options;
  return {
    account,
    call(service, operation, input) {
      const run = board.services.get(service)?.operations.get(operation);
      if (run === undefined) throw new Error(`${service} has no ${operation}`);
      return run(input, { now: world.now, requestId: 'request', region, accountId });
    },
    pass: (ms) => advanceAccount(account, world.now + ms),
    saveAndRestore() {
      const restored = restoreLocalAccount(JSON.parse(JSON.stringify(snapshotAccount(account))));
      if (!restored.ok) throw new Error(restored.fault.message);
      return serve(restored.value);
    },
  };
}
