// `npm run contract -- --endpoint URL`: the contract scenarios against any endpoint that speaks
// AWS's protocols, in real time, saying scenario by scenario and then operation by operation what
// differs. Against real AWS it
// launches (and ends) t3.micro instances, which costs money.

import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ConnectedCloud } from '../test/contract/connect.ts';
import { connect } from '../test/contract/connect.ts';
import { scenarios } from '../test/contract/scenarios/index.ts';

const USAGE = `usage: npm run contract -- --endpoint URL [--region us-east-1] [--zones a,b]
       [--image ami-…] [--access-key ID --secret-key SECRET] [--speed N] [--only TEXT]
--speed N: the endpoint's time runs N times as fast as the wall's`;

const options = readOptions();
const clock = createScaledTime(options.speed);
const cloud = await connect({
  endpoint: options.endpoint,
  region: options.region,
  ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  zones: options.zones,
  imageId: options.imageId,
  runName: `contract-${Date.now().toString(36)}`,
  ...clock,
});
const chosen = scenarios.filter(({ name }) => name.includes(options.only));
let differences = 0;
/** By operation: how many scenarios that call it were the same, and which were not. */
const tally = new Map<string, { same: number; readonly differing: string[] }>();
cloud.takeOperations();
for (const scenario of chosen) {
  const difference = await differenceOf(scenario.run(cloud));
  for (const operation of cloud.takeOperations()) {
    const entry = tally.get(operation) ?? { same: 0, differing: [] };
    tally.set(operation, entry);
    if (difference === undefined) entry.same += 1;
    else entry.differing.push(scenario.name);
  }
  if (difference === undefined) console.log(`same     ${scenario.name}`);
  else {
    differences += 1;
    console.log(`differs  ${scenario.name}\n         ${difference}\n         (${scenario.source})`);
  }
  await tidy(cloud);
  cloud.takeOperations();
}
console.log('\noperation, in how many scenarios it was the same and differed');
for (const [operation, { same, differing }] of [...tally].toSorted(([a], [b]) =>
  a < b ? -1 : 1,
)) {
  console.log(`${operation.padEnd(40)} ${String(same).padStart(3)} ${differing.length}`);
  for (const name of differing) console.log(`  in: ${name}`);
}
await cloud.close();
console.log(`${chosen.length - differences} of ${chosen.length} scenarios are the same`);
process.exitCode = differences === 0 ? 0 : 1;

/** Returns the first line of what went otherwise. */
async function differenceOf(run: Promise<void>): Promise<string | undefined> {
  try {
    await run;
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return text.split('\n').slice(0, 6).join('\n         ');
  }
}

/** What cannot be deleted is said and left: the next scenario has names of its own. */
async function tidy(connected: ConnectedCloud): Promise<void> {
  const difference = await differenceOf(connected.cleanUp());
  if (difference !== undefined) console.log(`left     ${difference}`);
}

interface ScaledTime {
  readonly now: () => number;
  readonly pass: (ms: number) => Promise<void>;
}

function createScaledTime(speed: number): ScaledTime {
  const startedAt = Date.now();
  return {
    now: () => startedAt + (Date.now() - startedAt) * speed,
    pass: async (ms) => {
      await sleep(ms / speed);
    },
  };
}

interface Options {
  readonly endpoint: string;
  readonly region: string;
  readonly zones: readonly string[];
  readonly imageId: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly speed: number;
  readonly only: string;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      endpoint: { type: 'string' },
      region: { type: 'string', default: 'us-east-1' },
      zones: { type: 'string' },
      image: { type: 'string', default: 'ami-0123456789abcdef0' },
      'access-key': { type: 'string' },
      'secret-key': { type: 'string' },
      speed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
    },
  });
  const speed = Number(values.speed);
  if (values.endpoint === undefined || !(speed > 0)) {
    console.error(USAGE);
    process.exit(2);
  }
  const accessKeyId = values['access-key'];
  const secretAccessKey = values['secret-key'];
  const zones = values.zones?.split(',') ?? [`${values.region}a`, `${values.region}b`];
  return {
    endpoint: values.endpoint,
    region: values.region,
    zones,
    imageId: values.image,
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey } }),
    speed,
    only: values.only,
  };
}
