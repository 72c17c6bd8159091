// How near to the optimum a rule comes on `social` that knows how the load was made, and not what will be
// drawn: sizes by the very distribution of what comes, at one risk for all moments that is chosen in
// hindsight. What a rule that has to learn all of this could reach lies above. Launches stand beside the
// starts of a plan that is optimal at the price of the bound.
//   npm run bench:social-limits -- [--seeds 101,102,103,104,105,106] [--violations 0.005]
import { parseArgs } from 'node:util';
import {
  blockSeconds,
  createShadowFleets,
  followPlan,
  passBlock,
  resetShadows,
} from '../src/core/demand/shadow-fleet.ts';
import { standardArena } from '../src/simulation/arena.ts';
import { generateSocial, planSocial } from '../src/simulation/load/social.ts';
import { boundCost } from '../src/simulation/optimum/optimum.ts';
import { priceLevels } from '../src/simulation/optimum/price-levels.ts';
import { findOptimum, geometricMean } from '../src/simulation/score/score.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import type { Workload } from '../src/simulation/workload.ts';
import { positiveOption, refuseOption } from './options.ts';
import { createOracle, knowledges } from './social-knowledge.ts';
import type { Oracle } from './social-knowledge.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '101,102,103,104,105,106' },
    violations: { type: 'string', default: '0.005' },
  },
});
const allowance = positiveOption('violations', values.violations);
const seeds = values.seeds.split(',').map(Number);
if (!seeds.every((seed) => Number.isInteger(seed) && seed > 0)) {
  refuseOption(`--seeds is '${values.seeds}'; allowed are whole numbers above 0, with commas`);
}

const leadBlocks = 12;
/** The demand policy's own rule: a launch needs twice the chance that keeps an instance. */
const startFactor = 2;
const riskMax = 0.95;
const sizeMax = 400;
const risks: readonly number[] = [
  0.5, 0.35, 0.25, 0.17, 0.12, 0.09, 0.07, 0.05, 0.035, 0.025, 0.018, 0.012, 0.008, 0.005, 0.003,
  0.002, 0.001,
];
const addRisks = risks.map((risk) => Math.min(riskMax, risk * startFactor));

const rows = seeds.map((seed) => {
  const load = generateSocial(seed);
  const plan = planSocial(seed);
  const reading = prepareWorkload(load, { meanInstances: 10 });
  if (reading.kind === 'refused') throw new Error(reading.message);
  const { workload } = reading;
  const { levels, costs, capacity } = findOptimum(workload, standardArena, standardArena);
  const { bound, price } = boundCost(levels, costs, capacity, allowance);
  const { starts } = priceLevels(levels, costs, price);
  const outcomes = knowledges.map((knowledge) =>
    runAtAllowance(workload, createOracle(plan, knowledge, leadBlocks * blockSeconds)),
  );
  const ratios = outcomes.map(({ cost }) => cost / bound);
  console.log(`  social ${seed}: ${say(ratios).join(', ')}`);
  return { seed, ratios, starts, launches: outcomes.map(({ launches }) => launches) };
});
console.log(`\nnode bench/social-limits.ts ${process.argv.slice(2).join(' ')}`);
console.log(`Cost over the optimum at ${allowance * 100} % unserved.\n`);
const geometricMeans = knowledges.map((_, index) =>
  geometricMean(rows.map(({ ratios }) => ratios[index] ?? Number.NaN)),
);
printTable(
  ['social', ...knowledges, 'starts', ...knowledges.map((name) => `launches, ${name}`)],
  [
    ...rows.map(({ seed, ratios, starts, launches }) => [
      String(seed),
      ...say(ratios),
      String(starts),
      ...launches.map((count) => count.toFixed(0)),
    ]),
    ['mean', ...say(geometricMeans)],
  ],
);

function say(ratios: readonly number[]): readonly string[] {
  return ratios.map((ratio) => ratio.toFixed(2));
}

interface Outcome {
  /** Instance-seconds. */
  readonly cost: number;
  readonly launches: number;
}

/** The scored span at the risk that leaves just the allowance unserved, between two that are tried. */
function runAtAllowance(workload: Workload, oracle: Oracle): Outcome {
  const { means, capacity, scored } = workload;
  const { perInstance } = capacity;
  const fleets = createShadowFleets(risks.length);
  resetShadows(fleets, Math.ceil((means[0] ?? 0) / perInstance));
  const add = new Float64Array(risks.length);
  const keep = new Float64Array(risks.length);
  const before = { cost: new Float64Array(risks.length), unserved: new Float64Array(risks.length) };
  const sizes = new Float64Array(risks.length);
  const launched = new Float64Array(risks.length);
  let work = 0;
  for (let block = 0; block < scored.toSecond / blockSeconds; block += 1) {
    if (block === scored.fromSecond / blockSeconds) {
      before.cost.set(fleets.cost);
      before.unserved.set(fleets.unserved);
      launched.fill(0);
      work = 0;
    }
    const demand = means[block] ?? 0;
    work += demand / perInstance;
    passBlock(fleets, block, demand / perInstance, 1);
    const { chanceAbove } = oracle.look((block + 1) * blockSeconds, demand);
    const chances = (size: number): number => chanceAbove((size - 0.5) * perInstance);
    findSizes(addRisks, chances, add);
    findSizes(risks, chances, keep);
    sizes.set(fleets.size);
    followPlan(fleets, leadBlocks, { block, add, keep });
    for (const [index, size] of fleets.size.entries()) {
      launched[index] = (launched[index] ?? 0) + Math.max(0, size - (sizes[index] ?? 0));
    }
  }
  const outcomes = risks.map((_, index) => ({
    missed: ((fleets.unserved[index] ?? 0) - (before.unserved[index] ?? 0)) / work,
    cost: (fleets.cost[index] ?? 0) - (before.cost[index] ?? 0),
    launches: launched[index] ?? 0,
  }));
  const index = outcomes.findIndex(({ missed }) => missed <= allowance);
  const [less, more] = [outcomes[index], outcomes[index - 1]];
  if (less === undefined) return { cost: Number.NaN, launches: Number.NaN };
  if (more === undefined) return less;
  const between = (allowance - less.missed) / (more.missed - less.missed);
  return {
    cost: less.cost + between * (more.cost - less.cost),
    launches: less.launches + between * (more.launches - less.launches),
  };
}

/** The least size that is exceeded with each of the risks, which fall. */
function findSizes(
  falling: readonly number[],
  chanceAbove: (size: number) => number,
  into: Float64Array,
): void {
  let size = 1;
  let chance = chanceAbove(size + 1);
  for (const [index, risk] of falling.entries()) {
    while (chance > risk && size < sizeMax) {
      size += 1;
      chance = chanceAbove(size + 1);
    }
    into[index] = size;
  }
}
