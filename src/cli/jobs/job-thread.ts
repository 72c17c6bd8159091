// The thread of one job of the API: a simulation or a comparison, as the commands of those names have
// it. Started by `src/api/jobs.ts`, which ends it when it takes too long.

import { parentPort, workerData } from 'node:worker_threads';
import type { JobMessage, JobTask } from '../../api/jobs.ts';
import type { GroupConfig } from '../../config/config.ts';
import { formatConfigError } from '../../config/config-error.ts';
import { loadConfig } from '../../config/load-config.ts';
import { defaultPricePerHour, type LoadOptions } from '../simulation/options.ts';
import { chooseGroup } from '../simulation/read-group.ts';
import { readLoad, readTraceText, type NamedLoad } from '../simulation/read-load.ts';
import { chooseRivals, runComparison } from '../simulation/run-comparison.ts';
import { runSimulation } from '../simulation/run-simulation.ts';
import { tuneHere } from '../simulation/tune-rivals.ts';
import { StartError } from '../start-error.ts';

const file = 'foretide.yaml';
const epsilon = 0.005;
const bootDefaultMs = 120_000;
const durationDefaultMs = 14 * 86_400_000;
const mistakesMax = 20;

/** Only `jobs.ts` starts this file, with a task. */
const task = workerData as JobTask;

try {
  await run();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  say({ kind: 'failed', message: error.message });
}

async function run(): Promise<void> {
  const config = readConfig();
  const named = await readNamedLoad();
  const options = {
    seed: 'seed' in task.trace ? task.trace.seed : 1,
    boot: task.bootMs ?? bootDefaultMs,
    price: defaultPricePerHour,
    ...(task.capacity !== null && { capacity: task.capacity }),
  };
  if (task.kind === 'simulate') {
    const onProgress = (progress: number): void => say({ kind: 'progress', progress });
    const { report, svg } = runSimulation(config, named, {
      ...options,
      engine: 'fluid',
      onProgress,
    });
    return say({ kind: 'done', result: report, svg: svg() });
  }
  const entrants = [{ path: file, config }];
  const chosen = chooseRivals('all');
  const { candidates, optimum, svg } = await runComparison({ entrants, chosen }, named, {
    ...options,
    epsilon,
    tune: tuneHere,
    onTuned: (_name, done, count) => say({ kind: 'progress', progress: done / (count + 1) }),
  });
  say({ kind: 'done', result: { epsilon, optimum, candidates }, svg: svg() });
}

function readConfig(): GroupConfig {
  const outcome = loadConfig(task.config, file);
  if (outcome.ok) return chooseGroup(outcome.config, file, task.group ?? undefined);
  throw new StartError(outcome.errors.slice(0, mistakesMax).map(formatConfigError).join('\n'), 2);
}

async function readNamedLoad(): Promise<NamedLoad> {
  const { trace } = task;
  const options: LoadOptions = {
    within: 'mean',
    value: 'rate',
    // A controller that stood still recorded nothing; what it saw last is the best guess.
    gaps: 'hold',
    duration: ('durationMs' in trace ? trace.durationMs : null) ?? durationDefaultMs,
    level: 100,
    noise: 'none',
    seed: 'seed' in trace ? trace.seed : 1,
  };
  if ('csv' in trace) return readTraceText('the trace', trace.csv, options);
  return readLoad({ ...options, generator: trace.generator });
}

function say(message: JobMessage): void {
  parentPort?.postMessage(message);
}
