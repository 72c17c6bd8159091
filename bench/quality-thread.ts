// One thread of the protocol: an entrant on a load under a column's conditions, beside the optimum.
import { readCalendar } from '../src/config/read-calendar.ts';
import { serveTasks } from '../src/cli/simulation/thread-pool.ts';
import { standardArena } from '../src/simulation/arena.ts';
import type { Arena } from '../src/simulation/arena.ts';
import { rememberBoots } from '../src/simulation/fluid/boot-time.ts';
import { agentTelemetry } from '../src/simulation/fluid/telemetry.ts';
import type { Load } from '../src/simulation/load/load.ts';
import { boundCost } from '../src/simulation/optimum/optimum.ts';
import { rivals } from '../src/simulation/rivals/index.ts';
import { findOptimum, violationAllowances } from '../src/simulation/score/score.ts';
import type { Optimum } from '../src/simulation/score/score.ts';
import { simulateGroups } from '../src/simulation/simulate-group.ts';
import { tuneForAllowances } from '../src/simulation/tune-for-allowances.ts';
import { averageTrials, tryTarget } from '../src/simulation/tune-in-hindsight.ts';
import type { Trial } from '../src/simulation/tune-in-hindsight.ts';
import { prepareWorkload } from '../src/simulation/workload.ts';
import { configureContender, contenders, dependsOnAllowance } from './quality-contenders.ts';
import type { FixedContender } from './quality-contenders.ts';
import type { Cell, QualityResult, QualityTask } from './quality-plan.ts';
import { listScoredLoads } from './scored-loads.ts';

/** What a load and a column prepare; a thread keeps the last. */
interface Ground {
  readonly affinity: string;
  readonly arena: Arena;
  readonly optimum: Optimum;
  /** What a fleet of the peak's size costs, always on. */
  readonly staticCost: number;
}

let lastLoad: { readonly name: string; readonly load: Load } | null = null;
let lastGround: Ground | null = null;

serveTasks(async (task: QualityTask): Promise<QualityResult> => {
  const ground = await prepareGround(task);
  const trials = runEntrant(task, ground);
  const { key, load, column, entrant } = task;
  const cells = violationAllowances.map((allowance, index) =>
    judge(trials[index], allowance, ground, ground.optimum.bounds[index] ?? 0),
  );
  return { key, load, column: column.name, entrant, cells };
});

async function prepareGround({
  affinity,
  load: name,
  column,
  settings,
}: QualityTask): Promise<Ground> {
  if (lastGround?.affinity === affinity) return lastGround;
  if (lastLoad?.name !== name) {
    const found = listScoredLoads(settings.traces).find((one) => one.name === name);
    if (found === undefined) throw new Error(`no load ${name}`);
    lastLoad = { name, load: await found.read() };
  }
  const { meanInstances, capacityLeftRatio } = column;
  const reading = prepareWorkload(lastLoad.load, { meanInstances, capacityLeftRatio });
  if (reading.kind === 'refused') throw new Error(`${name}: ${reading.message}`);
  const { bootSeconds: seconds, bootSigma: sigma } = settings;
  const boot: Arena['boot'] =
    sigma === 0 ? { kind: 'fixed', seconds } : { kind: 'lognormal', medianSeconds: seconds, sigma };
  const draws = rememberBoots(boot, standardArena.launchFailureRatio);
  const arena = { ...standardArena, boot, draws, workload: reading.workload };
  const optimum = findOptimum(arena.workload, arena, arena);
  lastGround = { affinity, arena, optimum, staticCost: costOfPeak(arena) };
  return lastGround;
}

function costOfPeak(arena: Arena): number {
  const peak = rivals.find(({ name }) => name === 'static-peak');
  if (peak === undefined) throw new Error('the registry has no static-peak');
  const options = { seeds: [1], telemetry: peak.telemetry };
  return tryTarget(peak, arena, options, 1).costInstanceSeconds;
}

/** The trial for each allowance; a config's is there whether it keeps the allowance or not. */
function runEntrant(task: QualityTask, { arena }: Ground): readonly (Trial | undefined)[] {
  const { column, settings, entrant } = task;
  const seeds = Array.from({ length: settings.seeds }, (_, index) => index + 1);
  const fixed = contenders.find(({ name }) => name === entrant);
  if (fixed !== undefined) {
    return runFixed(fixed, task, arena, fixed.isReference === true ? seeds.slice(0, 1) : seeds);
  }
  const rival = rivals.find(({ name }) => name === entrant);
  if (rival === undefined) throw new Error(`no entrant ${entrant}`);
  const own = column.hasAgents ? agentTelemetry : rival.telemetry;
  const telemetry = { ...own, isCensored: column.isCensored };
  return tuneForAllowances(rival, arena, { seeds, telemetry, allowances: violationAllowances });
}

function runFixed(
  fixed: FixedContender,
  { column }: QualityTask,
  arena: Arena,
  seeds: readonly number[],
): readonly (Trial | undefined)[] {
  const allowances = dependsOnAllowance(fixed)
    ? violationAllowances
    : violationAllowances.slice(0, 1);
  // Side by side: what all of them learn from the load is learned once.
  const runs = allowances.flatMap((allowance) => {
    const { group, staleAfterMs, calendar } = configureContender(fixed, allowance);
    return seeds.map((seed) => ({
      group,
      staleAfterMs,
      seed,
      readCalendar: (now: number) => readCalendar(calendar, now),
      isCensored: column.isCensored,
    }));
  });
  const results = simulateGroups(arena, runs);
  const trials = allowances.map((_, index) =>
    averageTrials(Number.NaN, results.slice(index * seeds.length, (index + 1) * seeds.length)),
  );
  return violationAllowances.map((_, index) => trials[index] ?? trials[0]);
}

function judge(
  trial: Trial | undefined,
  allowance: number,
  { optimum, staticCost }: Ground,
  bound: number,
): Cell {
  const { levels, costs, capacity } = optimum;
  const fallback = staticCost / bound;
  if (trial === undefined) {
    const nothing = { violationShare: 0, ownRatio: fallback, targetRatio: null };
    return { ratio: fallback, isFallback: true, ...nothing };
  }
  const { violationShare, costInstanceSeconds, targetRatio } = trial;
  const isFallback = violationShare > allowance;
  return {
    ratio: isFallback ? fallback : costInstanceSeconds / bound,
    isFallback,
    violationShare,
    ownRatio: costInstanceSeconds / boundCost(levels, costs, capacity, violationShare).bound,
    targetRatio: Number.isNaN(targetRatio) ? null : targetRatio,
  };
}
