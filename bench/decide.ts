// How fast the real `decide` runs on one core: in the fluid engine, for ten thousand groups at once,
// and for a group with five policies.
//   npm run bench:decide -- [--days 7] [--groups 10000] [--rounds 5]
import { parseArgs } from 'node:util';
import type { Group } from '../src/core/group.ts';
import type { Policy, StepPolicy, TargetTrackingPolicy } from '../src/core/policies/policy.ts';
import { selectSignal } from '../src/core/signal.ts';
import { standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { createObservation } from '../src/simulation/fluid/scaler.ts';
import { createForetideScaler } from '../src/simulation/foretide-scaler.ts';
import { generateWeekly } from '../src/simulation/load/generators.ts';
import { simulateGroup } from '../src/simulation/simulate-group.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import { positiveOption, refuseOption } from './options.ts';
import { median, printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '7' },
    groups: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
  },
});
const days = positiveOption('days', values.days);
const groups = Math.round(positiveOption('groups', values.groups));
const rounds = positiveOption('rounds', values.rounds);
const staleAfterMs = 10_000;

const load = generateWeekly({
  durationSeconds: days * 86_400,
  workPerSecond: 50,
  noise: 'poisson',
  seed: 1,
});
const reading = prepareWorkload(load);
if (reading.kind === 'refused') refuseOption(`--days ${days}: ${reading.message}`);
const { workload } = reading;
const arena: Arena = { ...standardArena, workload };

const tracking: TargetTrackingPolicy = {
  type: 'target-tracking',
  name: 'tracking',
  selector: selectSignal('cpu', 'mean', 1000),
  target: 0.6,
  tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
};
const stepping: StepPolicy = {
  type: 'step',
  name: 'stepping',
  selector: selectSignal('cpu', 'mean', 60_000),
  adjustment: 'percent-change-in-capacity',
  steps: [
    { lower: null, upper: 0.3, change: -0.1 },
    { lower: 0.7, upper: 0.9, change: 0.1 },
    { lower: 0.9, upper: null, change: 0.3 },
  ],
  minAdjustment: 1,
};
const five: readonly Policy[] = [
  tracking,
  { ...tracking, name: 'minute', selector: selectSignal('cpu', 'mean', 60_000) },
  { ...tracking, name: 'load', selector: selectSignal('requests', 'sum', 10_000), target: 3 },
  { ...tracking, name: 'worst', selector: selectSignal('cpu', 'p95', 1000), target: 0.8 },
  stepping,
];

console.log(`node bench/decide.ts --days ${days} --groups ${groups} --rounds ${rounds}`);
console.log(`Node ${process.version}; a weekly load with Poisson seconds; medians.\n`);
printTable(
  ['fluid engine, the whole tick', 'decides/s', 'µs each'],
  [
    ['target tracking', ...measureEngine([tracking])],
    ['target tracking over a minute', ...measureEngine(five.slice(1, 2))],
    ['step over a minute', ...measureEngine([stepping])],
    ['five policies', ...measureEngine(five)],
  ],
);
console.log();
printTable(
  [`${groups} groups, observe and decide`, 'ms a round', 'share of a core at 1 Hz'],
  [
    ['target tracking', ...measureManyGroups([tracking])],
    ['five policies', ...measureManyGroups(five)],
  ],
);

function makeGroup(name: string, policies: readonly Policy[]): Group {
  return {
    name,
    mode: 'active',
    min: 1,
    max: 1000,
    warmupMs: 60_000,
    cooldown: { scaleOutMs: 0, scaleInMs: 60_000 },
    stabilization: { scaleOutMs: 0, scaleInMs: 300_000 },
    minReportingRatio: 0.5,
    policies,
  };
}

/** Decisions a second in one run, after one to warm up; and microseconds for each. */
function measureEngine(policies: readonly Policy[]): readonly string[] {
  const group = makeGroup('web', policies);
  const speeds: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = performance.now();
    const { ticks } = simulateGroup(arena, { group, staleAfterMs, seed: 1 });
    if (round > 0) speeds.push((ticks * 1000) / (performance.now() - before));
  }
  const speed = median(speeds);
  return [Math.round(speed).toLocaleString('en'), (1e6 / speed).toFixed(2)];
}

/**
 * Every group sees its own part of the load in each round, and its state is its own: what differs
 * from one group run for long is the memory that is walked.
 */
function measureManyGroups(policies: readonly Policy[]): readonly string[] {
  const bounds = { minInstances: 1, maxInstances: 1000, samplePeriodSeconds: 1 };
  const fleet = Array.from({ length: groups }, (_, index) => {
    const group = makeGroup(`group-${index}`, policies);
    const observation = createObservation(bounds);
    const size = 5 + (index % 40);
    Object.assign(observation, { desired: size, inService: size, warmed: size, hasSample: true });
    return { scaler: createForetideScaler({ group, staleAfterMs, workload }), observation };
  });
  const roundMs: number[] = [];
  const roundsRun = 60 * rounds;
  for (let round = 0; round < roundsRun; round += 1) {
    const before = performance.now();
    for (const [index, { scaler, observation }] of fleet.entries()) {
      const second = round + (index % 1000) * 60;
      observation.nowSeconds = load.startSeconds + round;
      observation.sampleEndSeconds = observation.nowSeconds - 1;
      const work = load.workPerSecond[second % load.workPerSecond.length] ?? 0;
      observation.loadPerInstance = work / observation.inService;
      const size = Math.max(1, Math.min(1000, scaler(observation)));
      observation.desired = size;
      observation.inService = size;
      observation.warmed = size;
    }
    roundMs.push(performance.now() - before);
  }
  const ms = median(roundMs.slice(60));
  return [ms.toFixed(1), `${(ms / 10).toFixed(1)} %`];
}
