// How fast the event engine runs on one core: a group of fifty under the controller's own loop, with
// and without reports, and rivals' bare rules in the same world. By the clock, and by the CPU time of all
// threads, which other work on the machine makes no longer.
//   npm run bench:event -- [--hours 24] [--rounds 3]
import { parseArgs } from 'node:util';
import type { Group } from '../src/core/group.ts';
import { selectSignal } from '../src/core/signal.ts';
import { standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import {
  runContenderInWorld,
  simulateGroupInWorld,
} from '../src/simulation/event/simulate-event.ts';
import type { FluidResult } from '../src/simulation/fluid/run-fluid.ts';
import { generateSteady, generateWeekly } from '../src/simulation/load/generators.ts';
import type { Load } from '../src/simulation/load/load.ts';
import { rivals } from '../src/simulation/rivals/index.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import { positiveOption, refuseOption } from './options.ts';
import { median, printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    rounds: { type: 'string', default: '3' },
  },
});
const durationSeconds = 3600 * positiveOption('hours', values.hours);
const rounds = positiveOption('rounds', values.rounds);
const capacity = 10;
const target = 0.6;

/** Cpu at 60 %, so that the load below keeps fifty instances. */
const group: Group = {
  name: 'web',
  mode: 'active',
  min: 1,
  max: 1000,
  warmupMs: 60_000,
  cooldown: { scaleOutMs: 0, scaleInMs: 60_000 },
  stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
  minReportingRatio: 0.5,
  policies: [
    {
      type: 'target-tracking',
      name: 'tracking',
      selector: selectSignal('cpu', 'mean', 1000),
      target,
      tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
    },
  ],
};
const workPerSecond = 50 * capacity * target;
const steady = makeArena(generateSteady({ durationSeconds, workPerSecond }));
const weekly = makeArena(
  generateWeekly({ durationSeconds, workPerSecond, noise: 'poisson', seed: 1 }),
);
/** The start is what the load needs, thirty: fifty from the first second take a minimum. */
const fifty: Group = { ...group, min: 50 };
const options = { group: fifty, staleAfterMs: 10_000, seed: 1 };

console.log(`node bench/event.ts --hours ${values.hours} --rounds ${values.rounds}`);
console.log(`Node ${process.version}; fifty instances; medians.\n`);
printTable(
  ['event engine', 'group-seconds/s', 'by CPU time'],
  [
    ['controller, 50 report, steady', ...measure(() => simulateGroupInWorld(steady, options))],
    [
      'controller, some 50 report, weekly',
      ...measure(() => simulateGroupInWorld(weekly, { ...options, group })),
    ],
    [
      'controller, none reports',
      ...measure(() => simulateGroupInWorld(steady, { ...options, hasReports: false })),
    ],
    ...['aws-target-tracking-60s', 'kubernetes-hpa'].map((name) => [
      `${name}, weekly`,
      ...measure(() => runRule(name)),
    ]),
  ],
);

function makeArena(load: Load): Arena {
  const reading = prepareWorkload(load, { capacityPerInstance: capacity });
  if (reading.kind === 'refused') refuseOption(`--hours ${values.hours}: ${reading.message}`);
  return { ...standardArena, workload: reading.workload };
}

function runRule(name: string): FluidResult {
  const rival = rivals.find((one) => one.name === name);
  if (rival === undefined) throw new Error(`no rival ${name}`);
  const scaler = rival.create({ target: capacity * target, peakInstances: 1 });
  return runContenderInWorld(weekly, { ...rival, scaler }, 1);
}

/** Group-seconds a second, by the clock and by CPU time: medians of the rounds after one to warm up. */
function measure(run: () => FluidResult): readonly [string, string] {
  const byClock: number[] = [];
  const byCpu: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = performance.now();
    const cpuBefore = process.cpuUsage();
    const { ticks } = run();
    const { user, system } = process.cpuUsage(cpuBefore);
    if (round === 0) continue;
    byClock.push((ticks * 1000) / (performance.now() - before));
    byCpu.push((ticks * 1_000_000) / (user + system));
  }
  return [say(byClock), say(byCpu)];
}

function say(speeds: readonly number[]): string {
  return Math.round(median(speeds)).toLocaleString('en');
}
