// One thread that fits dear experts, a task after the other.

import type { FittedName } from '../../core/forecasting/experts/fitted-expert.ts';
import { fitModel } from '../../core/forecasting/fit-model.ts';
import type { FitRefusal, FitTask } from '../../core/forecasting/fit-series.ts';
import { serveTasks, type PooledTask } from '../simulation/thread-pool.ts';

export interface FittingTask extends PooledTask {
  readonly name: FittedName;
  readonly task: FitTask;
}

serveTasks(({ name, task }: FittingTask): Float64Array | FitRefusal => fitModel(name, task));
