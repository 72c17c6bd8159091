// One fit of a dear expert, from its series to the packed model that the expert takes up. It takes from
// a tenth of a second to a few seconds: never on the loop.

import { packArima } from './arima/arima-filter.ts';
import { fitDemandArima } from './arima/search-arima.ts';
import type { FittedName } from './experts/fitted-expert.ts';
import type { FitRefusal, FitTask } from './fit-series.ts';
import { packLstm } from './lstm/lstm-filter.ts';
import { trainLstm } from './lstm/train-lstm.ts';

/** The same task gives the same model. */
export function fitModel(name: FittedName, task: FitTask): Float64Array | FitRefusal {
  switch (name) {
    case 'arima': {
      const fitted = fitDemandArima(task);
      return typeof fitted === 'string' ? fitted : packArima(fitted, task.until);
    }
    case 'lstm': {
      const fitted = trainLstm(task);
      return typeof fitted === 'string' ? fitted : packLstm(fitted, task.until);
    }
  }
}
