// Whether the page or its server grows: 500 groups of 100 instances change each second, one browser
// window stays on the fleet, one on a group, and one walks from view to view. Everything is collected
// before it is measured, once a minute. `npm run build:page && npm run bench:page-memory -- --for 3600`

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { createApi } from '../src/api/create-api.ts';
import { serveWeb } from '../src/api/serve.ts';
import { startBareBrowser, type BareBrowser, type BareWindow } from './bare-browser.ts';
import { describeBusyFleet, groupCount, instanceCount, nameGroup } from './busy-fleet.ts';
import { positiveOption } from './options.ts';
import { readMemory } from './process-use.ts';
import { printTable } from './table.ts';

const pageFolder = fileURLToPath(new URL('../dist/dashboard', import.meta.url));
const sampleEveryMs = 60_000;
const stepEveryMs = 15_000;
/** Buffers that are full by design (small charts, the ring of events) are full by then. */
const settleMs = 300_000;
const forSecondsDefault = 3600;

const windowNames = ['fleet', 'group', 'walker'] as const;
const heads = [
  'minute',
  ...windowNames.flatMap((name) => [`${name} heap`, `${name} nodes`, `${name} listeners`]),
  'browser anonymous',
  'server heap',
  'server RSS',
];

const performanceMetrics = z.looseObject({
  metrics: z.array(z.looseObject({ name: z.string(), value: z.number() })),
});

if (process.argv[2] === 'serve') await serve();
else await measure();

async function serve(): Promise<void> {
  const served = await serveWeb(createApi(describeBusyFleet(pageFolder)), {
    port: 0,
    log: { write: () => undefined },
  });
  if (served.kind === 'problem') throw new Error(served.message);
  process.on('message', () => {
    globalThis.gc?.();
    const { external, heapUsed } = process.memoryUsage();
    process.send?.({ heapMebibytes: (heapUsed + external) / 2 ** 20 });
  });
  // Nobody is left to serve.
  process.on('disconnect', () => process.exit());
  process.send?.(served.address);
}

/** One column a figure; MiB except for counts. */
interface Sample {
  readonly atMs: number;
  readonly figures: readonly number[];
}

async function measure(): Promise<void> {
  const { values } = parseArgs({ options: { for: { type: 'string' } } });
  const seconds = positiveOption('for', values.for ?? String(forSecondsDefault));
  const server = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: ['--expose-gc'] });
  const [address] = await once(server, 'message');
  const browser = await startBareBrowser();
  const windows = await Promise.all([
    openWindow(browser, `${address}/#/`, '.fleet-row'),
    openWindow(browser, `${address}/#/groups/${nameGroup(0)}`, '.tile'),
    openWindow(browser, `${address}/#/`, '.fleet-row'),
  ]);
  console.log(
    `${groupCount} groups of ${instanceCount} instances, ${seconds} s; MiB after collection`,
  );
  console.log(heads.join('\t'));
  const startedAt = performance.now();
  const samples: Sample[] = [];
  let steps = 0;
  while (performance.now() - startedAt < seconds * 1000) {
    const atMs = performance.now() - startedAt;
    await walkHome(windows[2]);
    const sample = { atMs, figures: await readFigures(windows, browser, server) };
    samples.push(sample);
    const shown = [atMs / 60_000, ...sample.figures].map((value) => value.toFixed(1));
    console.log(shown.join('\t'));
    const nextAt = Math.min(seconds * 1000, samples.length * sampleEveryMs);
    while (performance.now() - startedAt < nextAt) {
      await walk(windows[2], steps);
      steps += 1;
      await sleep(Math.min(stepEveryMs, Math.max(0, nextAt - (performance.now() - startedAt))));
    }
  }
  await walkHome(windows[2]);
  samples.push({
    atMs: performance.now() - startedAt,
    figures: await readFigures(windows, browser, server),
  });
  summarise(samples);
  await browser.close();
  server.disconnect();
}

async function openWindow(browser: BareBrowser, url: string, ready: string): Promise<BareWindow> {
  const window = await browser.open(url);
  await window.send('Performance.enable');
  await window.waitFor(`document.querySelector(${JSON.stringify(ready)})`);
  return window;
}

/** The walker's next view: other groups each time, the lab and the record between them. */
async function walk(window: BareWindow, step: number): Promise<void> {
  const group = `#/groups/${nameGroup((step * 37) % groupCount)}`;
  await go(window, ['#/', group, '#/lab', group, '#/record'][step % 5] ?? '#/');
}

/** Measured in the same view each time. */
async function walkHome(window: BareWindow): Promise<void> {
  await go(window, '#/');
  await window.waitFor("document.querySelector('.fleet-row')");
}

async function go(window: BareWindow, place: string): Promise<void> {
  const expression = `location.hash = ${JSON.stringify(place)}`;
  await window.send('Runtime.evaluate', { expression });
}

async function readFigures(
  windows: readonly BareWindow[],
  browser: BareBrowser,
  server: ChildProcess,
): Promise<readonly number[]> {
  const figures: number[] = [];
  for (const window of windows) {
    await window.send('HeapProfiler.collectGarbage');
    const { metrics } = performanceMetrics.parse(await window.send('Performance.getMetrics'));
    const byName = new Map(metrics.map(({ name, value }) => [name, value]));
    const heap = (byName.get('JSHeapUsedSize') ?? Number.NaN) / 2 ** 20;
    const nodes = byName.get('Nodes') ?? Number.NaN;
    figures.push(heap, nodes, byName.get('JSEventListeners') ?? Number.NaN);
  }
  figures.push(await readBrowserMemory(browser));
  server.send('measure');
  const [{ heapMebibytes }] = await once(server, 'message');
  return [...figures, heapMebibytes, readMemory(server.pid ?? 0).rssMebibytes];
}

/** Of all of the browser's processes what no file backs: heaps, canvases, buffers. */
async function readBrowserMemory(browser: BareBrowser): Promise<number> {
  const ids = await browser.processIds();
  return ids.reduce((sum, id) => sum + readMemory(id).anonymousMebibytes, 0);
}

function summarise(samples: readonly Sample[]): void {
  const last = samples.at(-1);
  const settled = samples.filter(({ atMs }) => atMs >= Math.min(settleMs, (last?.atMs ?? 0) / 4));
  const rows = heads.slice(1).map((head, column) => {
    const points = settled.map(
      ({ atMs, figures }) => [atMs / 3_600_000, figures[column] ?? Number.NaN] as const,
    );
    const shown = [points[0], points[Math.floor(points.length / 2)], points.at(-1)];
    return [
      head,
      ...shown.map((point) => (point?.[1] ?? Number.NaN).toFixed(1)),
      slopeOf(points).toFixed(2),
    ];
  });
  printTable(['figure', 'after settling', 'middle', 'end', 'slope an hour'], rows);
}

/** Least squares: how much a figure rises in one unit of its first coordinate. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
