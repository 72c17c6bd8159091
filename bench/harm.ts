// What bad forecasts cost the demand policy, beside the same policy without any.
//   npm run bench:harm -- [--seeds 101,104] [--random-boots]
import { parseArgs } from 'node:util';
import { runContender, standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { createDemandGroup } from '../src/simulation/demand-group.ts';
import { agentTelemetry } from '../src/simulation/fluid/telemetry.ts';
import type { FluidResult } from '../src/simulation/fluid/run-fluid.ts';
import { forecastFaults } from '../src/simulation/forecast-faults.ts';
import { createForetideScaler } from '../src/simulation/foretide-scaler.ts';
import { generateSocial } from '../src/simulation/load/social.ts';
import { violationShareOf } from '../src/simulation/score/score.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import type { ForecastFault } from '../src/core/demand/outlook.ts';
import { refuseOption } from './options.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '101,104' },
    'random-boots': { type: 'boolean', default: false },
  },
});
const violationRatio = 0.005;
const boot = values['random-boots']
  ? ({ kind: 'lognormal', medianSeconds: 120, sigma: 0.25 } as const)
  : standardArena.boot;

console.log(`node bench/harm.ts ${process.argv.slice(2).join(' ')}`);
console.log('Cost over that of forecast: off, and violations in % beside its own.\n');
const rows: string[][] = [];
for (const text of values.seeds.split(',')) {
  const seed = Number(text);
  if (!Number.isInteger(seed)) refuseOption(`--seeds has '${text}'; allowed are whole numbers`);
  const reading = prepareWorkload(generateSocial(seed));
  if (reading.kind === 'refused') throw new Error(reading.message);
  const arena: Arena = { ...standardArena, boot, workload: reading.workload };
  const reactive = run(arena, false);
  const note = (name: string, result: FluidResult): void => {
    const cost = result.costInstanceSeconds / reactive.costInstanceSeconds;
    const shares = [result, reactive].map((one) => (violationShareOf(one) * 100).toFixed(3));
    rows.push([`social ${seed}`, name, cost.toFixed(3), ...shares]);
  };
  note('as it is', run(arena, true));
  for (const [name, create] of Object.entries(forecastFaults)) {
    note(name, run(arena, true, create(seed)));
  }
}
printTable(['load', 'forecast', 'cost', 'V %', 'V % off'], rows);

function run(arena: Arena, isForecasting: boolean, fault?: ForecastFault): FluidResult {
  const { workload, minInstances: min, maxInstances: max } = arena;
  const group = createDemandGroup({ violationRatio, isForecasting, min, max });
  const scaler = createForetideScaler({
    group,
    staleAfterMs: 10_000,
    workload,
    ...(fault !== undefined && { forecastFault: fault }),
  });
  const habits = { scaleInOrder: 'newest-pending-first', warmupFrom: 'service' } as const;
  return runContender(arena, { scaler, telemetry: agentTelemetry, warmupSeconds: 0, ...habits }, 1);
}
