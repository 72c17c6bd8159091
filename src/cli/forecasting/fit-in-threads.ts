// Fits on a thread for each core. Each is bounded by the number of models that a search tries and of
// stretches that a training takes, and gives the same whatever the machine.

import type { FitRefusal } from '../../core/forecasting/fit-series.ts';
import type { TimedModel, TimedTask } from '../../simulation/forecast/fit-schedule.ts';
import { runInThreads } from '../simulation/thread-pool.ts';
import type { FittingTask } from './fitting-thread.ts';

/** As it runs from its sources, or compiled. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The models, in the order of their tasks; those that could not be fitted are left out. */
export async function fitInThreads(
  tasks: readonly TimedTask[],
  onFitted?: (done: number) => void,
): Promise<readonly TimedModel[]> {
  const models = new Map<FittingTask, TimedModel>();
  let done = 0;
  const pooled = tasks.map(({ name, task }, index): FittingTask => {
    return { affinity: `${index}`, name, task };
  });
  await runInThreads<FittingTask, Float64Array | FitRefusal>({
    module: new URL(`./fitting-thread.${extension}`, import.meta.url),
    tasks: pooled,
    onAnswer: (task, answer) => {
      done += 1;
      onFitted?.(done);
      if (typeof answer === 'string') return;
      models.set(task, { name: task.name, until: task.task.until, packed: answer });
    },
  });
  return pooled.flatMap((task) => models.get(task) ?? []);
}
