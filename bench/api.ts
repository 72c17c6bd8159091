// What viewers cost: 500 groups of 100 instances whose every demand and reading is another one each
// second, and one size in fifty, over real connections. Viewers are in a process of their own, so that
// the server's share of a core is its own.
//
//     node --expose-gc bench/api.ts [seconds] [viewers] [minutes of new viewers each minute]

import { fork } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { createApi } from '../src/api/create-api.ts';
import { serveWeb } from '../src/api/serve.ts';
import { describeBusyFleet, groupCount, instanceCount, nameGroup } from './busy-fleet.ts';

const [role, ...given] = process.argv[2] === 'viewers' ? process.argv.slice(2) : ['server'];
if (role === 'viewers') watch(given[0] ?? '', Number(given[1]));
else await measure();

interface Reading {
  readonly perSecondBytes: number;
  readonly corePercent: number;
  readonly heapMegabytes: number;
}

async function measure(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 30);
  const viewers = Number(process.argv[3] ?? 100);
  const api = createApi(describeBusyFleet(null));
  const served = await serveWeb(api, { port: 0, log: { write: () => undefined } });
  if (served.kind === 'problem') throw new Error(served.message);
  const idle = await run(served.address, { seconds: Math.min(10, seconds), viewers: 0 });
  const one = await run(served.address, { seconds, viewers: 1 });
  const many = await run(served.address, { seconds, viewers });
  process.stdout.write(
    `${groupCount} groups × ${instanceCount} instances, every demand and reading another one each second, and one size in fifty\n` +
      `nobody watches: ${idle.corePercent.toFixed(2)} % of a core\n` +
      `1 viewer of the fleet and one group: ${(one.perSecondBytes / 1000).toFixed(1)} KB/s, ${one.corePercent.toFixed(2)} % of a core\n` +
      `${viewers} viewers: ${(many.perSecondBytes / viewers / 1000).toFixed(1)} KB/s each, ${many.corePercent.toFixed(2)} % of a core\n` +
      `heap after collection: ${one.heapMegabytes.toFixed(1)} MB, then ${many.heapMegabytes.toFixed(1)} MB\n`,
  );
  const minutes = Number(process.argv[4] ?? 0);
  for (let minute = 1; minute <= minutes; minute += 1) {
    const { heapMegabytes } = await run(served.address, { seconds: 56, viewers });
    process.stdout.write(`minute ${minute}: heap ${heapMegabytes.toFixed(1)} MB\n`);
  }
  await api.close();
  await served.close();
}

async function run(
  address: string,
  { seconds, viewers }: { readonly seconds: number; readonly viewers: number },
): Promise<Reading> {
  const child =
    viewers === 0
      ? null
      : fork(fileURLToPath(import.meta.url), ['viewers', address, String(viewers)]);
  let bytes = 0;
  child?.on('message', (count: number) => {
    bytes = count;
  });
  // Connecting, the first whole states and Node's compiling are not what a second costs.
  await sleep(3000);
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const bytesBefore = bytes;
  await sleep(seconds * 1000);
  const { system, user } = process.cpuUsage(before);
  const elapsedMs = performance.now() - startedAt;
  const perSecondBytes = ((bytes - bytesBefore) * 1000) / elapsedMs;
  child?.kill();
  await sleep(500);
  globalThis.gc?.();
  const heapMegabytes = process.memoryUsage().heapUsed / 1e6;
  return { perSecondBytes, corePercent: (system + user) / 10 / elapsedMs, heapMegabytes };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** Tells its parent each second how many bytes have come in all. */
function watch(address: string, viewers: number): void {
  let bytes = 0;
  const { hostname, port } = new URL(address);
  const path = `/v1/events?groups=${nameGroup(0)}`;
  for (let count = 0; count < viewers; count += 1) {
    request({ hostname, port, path }, (response) => {
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
    }).end();
  }
  setInterval(() => process.send?.(bytes), 200);
}
