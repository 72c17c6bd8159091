// Every rival, tuned in hindsight on each scored load, beside the optimum.
//   npm run bench:rivals -- [--traces ../shared/traces] [--only nasa] [--rivals kubernetes-hpa,keda]
//     [--boot 120] [--instances 10] [--agents] [--censored] [--drop]
import { parseArgs } from 'node:util';
import { standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { agentTelemetry } from '../src/simulation/fluid/telemetry.ts';
import { rivals } from '../src/simulation/rivals/index.ts';
import { findOptimum, geometricMean, violationAllowances } from '../src/simulation/score/score.ts';
import { cheapestWithin, runRival, tuneInHindsight } from '../src/simulation/tune-in-hindsight.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import { positiveOption, refuseOption } from './options.ts';
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
    censored: { type: 'boolean', default: false },
    drop: { type: 'boolean', default: false },
  },
});
const wanted = values.rivals.split(',').filter((name) => name !== '');
const known = rivals.filter((rival) => rival.serves === 'load');
for (const name of wanted) {
  if (known.some((rival) => rival.name === name)) continue;
  refuseOption(`no rival '${name}'; there are ${known.map((rival) => rival.name).join(', ')}`);
}
const chosen = known.filter((rival) => wanted.length === 0 || wanted.includes(rival.name));
const bootSeconds = positiveOption('boot', values.boot);
const meanInstances = positiveOption('instances', values.instances);
const capacityLeftRatio = values.drop ? 0.7 : 1;
const staticPeak = rivals.find((rival) => rival.name === 'static-peak');
if (staticPeak === undefined) throw new Error('the registry has no static-peak');

/** Ratios by rival, one list for each allowance. */
const ratios = new Map(
  chosen.map((rival) => [rival.name, violationAllowances.map((): number[] => [])]),
);

const telemetryNote = `${values.agents ? 'agents (1 s + 1 s)' : 'each its own'}${values.censored ? ', censored' : ''}`;
console.log(`node bench/rivals.ts ${process.argv.slice(2).join(' ')}`);
console.log(`Cost / OPT at 0.1, 0.5 and 1 %, seed 1, telemetry: ${telemetryNote}.`);
console.log(
  'In brackets the target as a share of C; (static) where no target keeps the allowance.',
);
const loads = listScoredLoads(values.traces);
const compared = loads.filter(({ name }) => name.includes(values.only));
if (compared.length === 0) {
  refuseOption(
    `no load with '${values.only}'; there are ${loads.map(({ name }) => name).join(', ')}`,
  );
}
for (const { name, read } of compared) {
  const reading = prepareWorkload(await read(), { meanInstances, capacityLeftRatio });
  if (reading.kind === 'refused') throw new Error(`${name}: ${reading.message}`);
  const boot = { kind: 'fixed', seconds: bootSeconds } as const;
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
    const own = values.agents ? agentTelemetry : rival.telemetry;
    const telemetry = { ...own, isCensored: values.censored };
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
