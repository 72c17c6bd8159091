// How fast the fluid engine runs each rival's bare rule on one core.
//   npm run bench:fluid -- [--days 30] [--rounds 5]
import { parseArgs } from 'node:util';
import { standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { agentTelemetry } from '../src/simulation/fluid/telemetry.ts';
import type { Telemetry } from '../src/simulation/fluid/telemetry.ts';
import { generateWeekly } from '../src/simulation/load/generators.ts';
import { rivals } from '../src/simulation/rivals/index.ts';
import type { Rival } from '../src/simulation/rivals/rival.ts';
import { runRival } from '../src/simulation/tune-in-hindsight.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import { positiveOption, refuseOption } from './options.ts';
import { median, printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '5' },
  },
});
const days = positiveOption('days', values.days);
const rounds = positiveOption('rounds', values.rounds);

const load = generateWeekly({
  durationSeconds: days * 86_400,
  workPerSecond: 50,
  noise: 'poisson',
  seed: 1,
});
const reading = prepareWorkload(load);
if (reading.kind === 'refused') refuseOption(`--days ${days}: ${reading.message}`);
const arena: Arena = { ...standardArena, workload: reading.workload };

console.log(`node bench/fluid.ts --days ${days} --rounds ${rounds}`);
console.log(`Node ${process.version}; a weekly load with Poisson seconds, target 0.7; medians.\n`);
const rows = rivals
  .filter((rival) => rival.serves === 'load')
  .map((rival) => [
    rival.name,
    measureSpeed(rival, rival.telemetry),
    measureSpeed(rival, agentTelemetry),
  ]);
printTable(['rule', 'M ticks/s, own telemetry', 'M ticks/s, 1 s telemetry'], rows);

/** Millions of one-second ticks a second, the median of the rounds after one to warm up. */
function measureSpeed(rival: Rival, telemetry: Telemetry): string {
  const speeds: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const before = performance.now();
    const { ticks } = runRival(rival, arena, { targetRatio: 0.7, seed: 1, telemetry });
    const elapsedMs = performance.now() - before;
    if (round > 0) speeds.push(ticks / elapsedMs / 1000);
  }
  return median(speeds).toFixed(1);
}
