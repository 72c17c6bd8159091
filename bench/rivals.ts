// Every rival, tuned in hindsight on each scored load, beside the optimum.
//   npm run bench:rivals -- [--traces ../shared/traces] [--only nasa] [--rivals kubernetes-hpa,keda]
//     [--boot 120] [--instances 10] [--agents]
import { parseArgs } from 'node:util';
import { standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { agentTelemetry } from '../src/simulation/fluid/telemetry.ts';
import { rivals } from '../src/simulation/rivals/index.ts';
import { findOptimum, geometricMean, violationAllowances } from '../src/simulation/score/score.ts';
import { cheapestWithin, runRival, tuneInHindsight } from '../src/simulation/tune-in-hindsight.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import { defaultTracesFolder, listScoredLoads } from './scored-loads.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: defaultTracesFolder },
    only: { type: 'string', default: '' },
    rivals: { type: 'string', default: '' },
    boot: { type: 'string', default: '120' },
    instances: { type: 'string', default: '10' },
    agents: { type: 'boolean', default: false },
  },
});
const wanted = values.rivals.split(',').filter((name) => name !== '');
const chosen = rivals.filter(
  (rival) => rival.serves === 'load' && (wanted.length === 0 || wanted.includes(rival.name)),
);
const staticPeak = rivals.find((rival) => rival.name === 'static-peak');
if (staticPeak === undefined) throw new Error('the registry has no static-peak');

/** Ratios by rival, one list for each allowance. */
const ratios = new Map(
  chosen.map((rival) => [rival.name, violationAllowances.map((): number[] => [])]),
);

const telemetryNote = values.agents ? 'agents (1 s + 1 s)' : 'each its own';
console.log(`node bench/rivals.ts --boot ${values.boot} --instances ${values.instances}`);
console.log(`Cost / OPT at 0.1, 0.5 and 1 %, seed 1, telemetry: ${telemetryNote}.`);
console.log(
  'In brackets the target as a share of C; (static) where no target keeps the allowance.',
);
for (const { name, read } of listScoredLoads(values.traces)) {
  if (!name.includes(values.only)) continue;
  const reading = prepareWorkload(await read(), { meanInstances: Number(values.instances) });
  if (reading.kind === 'refused') throw new Error(`${name}: ${reading.message}`);
  const boot = { kind: 'fixed', seconds: Number(values.boot) } as const;
  compareOn(name, { ...standardArena, boot, workload: reading.workload });
}
console.log(
  '\nGeometric means over these loads; a load on which a rule fell back counts as static.',
);
printTable(
  ['rule', '0.1 %', '0.5 %', '1 %'],
  [...ratios].map(([name, lists]) =>
    [name].concat(lists.map((list) => geometricMean(list).toFixed(2))),
  ),
);

function compareOn(name: string, arena: Arena): void {
  const optimum = findOptimum(arena.workload, arena, arena);
  const fallback = runStatic(arena);
  const rows = chosen.map((rival) => {
    const telemetry = values.agents ? agentTelemetry : rival.telemetry;
    const trials = tuneInHindsight(rival, arena, { seeds: [1], telemetry });
    const cells = violationAllowances.map((allowance, index) => {
      const best = cheapestWithin(trials, allowance);
      const cost = best?.costInstanceSeconds ?? fallback;
      const ratio = cost / (optimum.bounds[index] ?? 0);
      ratios.get(rival.name)?.[index]?.push(ratio);
      return `${ratio.toFixed(2)} (${best === undefined ? 'static' : best.targetRatio})`;
    });
    return [rival.name].concat(cells);
  });
  console.log(`\n${name}`);
  printTable(['rule', '0.1 %', '0.5 %', '1 %'], rows);
}

function runStatic(arena: Arena): number {
  if (staticPeak === undefined) return Number.NaN;
  return runRival(staticPeak, arena, { targetRatio: 1, seed: 1 }).costInstanceSeconds;
}
