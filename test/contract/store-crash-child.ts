// A process that appends to a store until it is killed, and prints each append once it is durable.
// Started by `store-crash.test.ts`: store path, number of the first append.

import { writeSync } from 'node:fs';

import { openStore } from '../../src/store/open-store.ts';
import { snapshotEntry, tickEntry } from '../../src/store/store-fixture.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const stdout = 1;
const appendsMax = 100_000;

const store = openStore({ path, foretideVersion: '0.0.0-test' });
for (let second = Number(first); second < appendsMax; second += 1) {
  const heading = second % 10 === 0 ? snapshotEntry('web', second) : tickEntry('web', second);
  const outcome = await store.journal.append([
    heading,
    tickEntry('web', second),
    tickEntry('api', second),
  ]);
  writeSync(stdout, outcome.ok ? `${second}\n` : `${outcome.message}\n`);
}
