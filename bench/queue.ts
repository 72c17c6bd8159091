// Queue workers that keep a latency promise: the published burst, and a day of arrivals, beside the
// published recipe, KEDA's rule and the least that any fleet must pay.
//   npm run bench:queue -- [--trace ../shared/traces/swim_fb2010_jobs_1min.csv] [--runs 200]
//     [--workers 8] [--boot 120] [--only burst|day] [--chart docs/images/queue-burst.svg]
import { createReadStream, existsSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { drawBurstChart, type BurstLine } from '../src/simulation/chart/burst-chart.ts';
import type { BootTime } from '../src/simulation/fluid/boot-time.ts';
import { createBacklogGroup } from '../src/simulation/queue/backlog-rule.ts';
import { measureBurst, type BurstOutcome } from '../src/simulation/queue/published-burst.ts';
import { drawDayOfJobs } from '../src/simulation/queue/day-of-jobs.ts';
import { createQueueOptimum } from '../src/simulation/queue/bound-queue.ts';
import {
  prepareQueue,
  simulateQueueGroup,
  simulateQueueRival,
} from '../src/simulation/queue/queue-arena.ts';
import type { MessageResult } from '../src/simulation/queue/run-messages.ts';
import { rivals } from '../src/simulation/rivals/index.ts';
import { createCsvReader } from '../src/simulation/trace/csv.ts';
import { positiveOption, refuseOption } from './options.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    trace: { type: 'string', default: '../shared/traces/swim_fb2010_jobs_1min.csv' },
    runs: { type: 'string', default: '200' },
    workers: { type: 'string', default: '8' },
    boot: { type: 'string', default: '120' },
    only: { type: 'string', default: '' },
    chart: { type: 'string' },
  },
});
const runs = positiveOption('runs', values.runs);
const meanWorkers = positiveOption('workers', values.workers);
const bootSeconds = positiveOption('boot', values.boot);
const promiseSeconds = 300;
const boundsOfDay = { minInstances: 1, maxInstances: 60 };
/** The share of messages that may be late. */
const allowance = 0.005;
const seed = 1;

if (values.only !== 'day') showBursts();
if (values.chart !== undefined) writeFileSync(values.chart, drawBursts());
if (values.only !== 'burst') await showDay();

function showBursts(): void {
  console.log('50 messages at once, promise 300 s, 1 instance. Cost in instance-seconds.\n');
  const rows: string[][] = [];
  for (const messageSeconds of [25, 50]) {
    for (const boot of [60, 120]) {
      const burst = { messageSeconds, boot: { kind: 'fixed', seconds: boot } as const };
      const tell = (name: string, outcome: BurstOutcome): void => {
        const { lastSeconds, costInstanceSeconds, minimumSeconds, peakInstances } = outcome;
        rows.push([
          `${messageSeconds} s, boot ${boot} s: ${name}`,
          String(peakInstances),
          `${lastSeconds.toFixed(0)} s`,
          String(Math.round(costInstanceSeconds)),
          (costInstanceSeconds / minimumSeconds).toFixed(2),
        ]);
      };
      tell('recipe', measureBurst({ ...burst, mode: 'recipe' }));
      tell('recipe, target 12', measureBurst({ ...burst, mode: 'recipe', fixedTarget: 12 }));
      tell('promise', measureBurst({ ...burst, mode: 'promise' }));
      tell('promise, from 25 s', measureBurst({ ...burst, mode: 'promise', firstSeconds: 25 }));
      tell('promise, settling', measureBurst({ ...burst, mode: 'promise', settleSeconds: 60 }));
      tell('promise, drawn boots', meanOfDrawnBoots(messageSeconds, boot));
    }
  }
  printTable(['messages', 'instances', 'done in', 'cost', 'cost / least'], rows);
}

/** The first quarter of an hour of each rule, for messages of 25 s and of 50 s. */
function drawBursts(): string {
  const spanSeconds = 900;
  const trace = (messageSeconds: number, mode: 'promise' | 'recipe'): BurstLine => {
    const unfinished: number[] = [];
    const counts: number[] = [];
    measureBurst({
      messageSeconds,
      boot: { kind: 'fixed', seconds: bootSeconds },
      mode,
      onSecond: ({ inFlight, inService, visible }) => {
        if (counts.length >= spanSeconds) return;
        unfinished.push(visible + inFlight);
        counts.push(inService);
      },
    });
    const isOwn = mode === 'promise';
    return {
      name: isOwn ? 'Foretide, promise' : 'AWS’s recipe',
      colour: isOwn ? '#1f3d5c' : '#e08a1e',
      unfinished,
      inService: counts,
    };
  };
  return drawBurstChart({
    title: `50 messages at once, a promise of ${promiseSeconds} s, boots of ${bootSeconds} s`,
    promiseSeconds,
    spanSeconds,
    columns: [25, 50].map((messageSeconds) => ({
      title: `a message takes ${messageSeconds} s`,
      lines: [trace(messageSeconds, 'promise'), trace(messageSeconds, 'recipe')],
    })),
  });
}

/** Lognormal boots, 1 % of launches failing. `lastSeconds` is the 95th percentile of the runs. */
function meanOfDrawnBoots(messageSeconds: number, medianSeconds: number): BurstOutcome {
  const boot: BootTime = { kind: 'lognormal', medianSeconds, sigma: 0.25 };
  const outcomes = Array.from({ length: runs }, (_, index) => {
    const drawn = { launchFailureRatio: 0.01, seed: index + 1 };
    return measureBurst({ messageSeconds, boot, mode: 'promise', ...drawn });
  });
  const mean = (pick: (one: BurstOutcome) => number): number =>
    outcomes.reduce((sum, one) => sum + pick(one), 0) / runs;
  const lasts = outcomes.map(({ lastSeconds }) => lastSeconds);
  const sorted = lasts.toSorted((one, other) => one - other);
  const [first] = outcomes;
  return {
    lastSeconds: sorted[Math.floor(0.95 * (runs - 1))] ?? Number.NaN,
    costInstanceSeconds: mean(({ costInstanceSeconds }) => costInstanceSeconds),
    minimumSeconds: first?.minimumSeconds ?? Number.NaN,
    peakInstances: Math.round(mean(({ peakInstances }) => peakInstances)),
  };
}

async function showDay(): Promise<void> {
  const jobs = drawDayOfJobs(await readCounts(values.trace), { meanWorkers, seed });
  const boot = { kind: 'fixed', seconds: bootSeconds } as const;
  const reading = prepareQueue(jobs, { promiseSeconds, boot, ...boundsOfDay });
  if (reading.kind === 'refused') throw new Error(reading.message);
  const bound = createQueueOptimum(reading.arena)(allowance);
  if (bound.kind !== 'bound') throw new Error('the bound is too large; take fewer --workers');
  console.log(
    `\n${jobs.sentAt.length} messages in a day (${values.trace}), lognormal durations (CV 1), mean 21 to 37 s,\n` +
      `promise ${promiseSeconds} s, boot ${bootSeconds} s. Bound: ${Math.round(bound.bound)} instance-seconds.\n`,
  );
  const tell = (name: string, result: MessageResult): string[] => {
    const kept = 1 - result.late / result.messages;
    const ratio = result.costInstanceSeconds / bound.bound;
    const launches = String(result.launches);
    return [name, (kept * 100).toFixed(2), ratio.toFixed(3), launches, `${result.peakInstances}`];
  };
  const group = createBacklogGroup(
    { firstLeadMs: 120_000 },
    { min: boundsOfDay.minInstances, max: boundsOfDay.maxInstances },
  );
  const rows = [tell('Foretide, promise', simulateQueueGroup(reading.arena, { group, seed }))];
  for (const name of ['aws-backlog-per-instance', 'keda-sqs']) {
    const rival = rivals.find((one) => one.name === name);
    if (rival === undefined) refuseOption(`no rival ${name}`);
    for (const targetRatio of [1, 0.5, 0.35, 0.2, 0.1]) {
      const target = (targetRatio * promiseSeconds) / reading.arena.meanSeconds;
      const result = simulateQueueRival(rival, reading.arena, { targetRatio, seed });
      rows.push(tell(`${name}, target ${target.toFixed(1)}`, result));
    }
  }
  printTable(['rule', 'kept %', 'cost / bound', 'launches', 'peak'], rows);
}

/** Messages a minute, for a day at most. */
async function readCounts(path: string): Promise<readonly number[]> {
  if (!existsSync(path)) refuseOption(`--trace ${path} is not there`);
  const reader = createCsvReader();
  for await (const chunk of createReadStream(path, 'utf8')) {
    if (!reader.push(String(chunk))) break;
  }
  const reading = reader.finish();
  if (reading.kind !== 'trace') refuseOption(`--trace ${path} cannot be read`);
  if (reading.trace.stepSeconds !== 60) refuseOption(`--trace ${path} is not of minutes`);
  return [...reading.trace.values].slice(0, 1440);
}
