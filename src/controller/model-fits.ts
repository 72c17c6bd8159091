// Which group's expert is fitted next, beside the loop: one at a time, with a pause after each, so that a
// thousand groups are spread over the day. What becomes of a model is the forecaster's business.

import { explainAdmission } from '../core/forecasting/explain-admission.ts';
import type { FittedReport } from '../core/forecasting/report.ts';
import type { EpochMs } from '../core/time.ts';
import type { GroupForecaster } from './group-forecaster.ts';
import type { Clock } from './ports/clock.ts';
import type { Log } from './ports/log.ts';
import type { ModelFitter } from './ports/model-fitter.ts';

/** From the end of one fit to the next: at most 1440 a day, of all groups together. */
const pauseMs = 60_000;

export interface FitPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Absent: nothing is fitted. */
  readonly fitter?: ModelFitter | undefined;
}

export class ModelFits {
  readonly #ports: FitPorts;
  readonly #phases = new WeakMap<GroupForecaster, ReadonlyMap<string, FittedReport['phase']>>();
  #isFitting = false;
  #nextAt: EpochMs = Number.NEGATIVE_INFINITY;

  constructor(ports: FitPorts) {
    this.#ports = ports;
  }

  /** Starts the fit that is due for longest, if any. `isKept`: whether a forecaster is still in use. */
  start(
    forecasters: Iterable<GroupForecaster>,
    isKept: (forecaster: GroupForecaster) => boolean,
  ): void {
    const { clock, fitter } = this.#ports;
    if (fitter === undefined || this.#isFitting || clock.now() < this.#nextAt) return;
    let next: GroupForecaster | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const forecaster of forecasters) {
      const since = forecaster.fitDueSince();
      if (since === null || since >= least) continue;
      [next, least] = [forecaster, since];
    }
    // Not awaited: it may take a minute, and a stop does not wait for it.
    if (next !== null) void this.#fit(next, fitter, isKept);
  }

  async #fit(
    forecaster: GroupForecaster,
    fitter: ModelFitter,
    isKept: (forecaster: GroupForecaster) => boolean,
  ): Promise<void> {
    this.#isFitting = true;
    try {
      const take = forecaster.beginFit();
      if (take === null) return;
      const outcome = await fitter.fit(take.name, take.task);
      // The group may be gone by now, or learn its history anew.
      if (!isKept(forecaster)) return;
      take.finish(outcome);
      this.tellChanges(forecaster);
    } catch (error) {
      // Ports do not reject, so this is a bug of ours; forecasts go on without the model.
      this.#ports.log.write('error', `internal error: ${String(error)}`);
    } finally {
      this.#isFitting = false;
      this.#nextAt = this.#ports.clock.now() + pauseMs;
    }
  }

  /** Says which experts were tried, joined or left since it was last asked. */
  tellChanges(forecaster: GroupForecaster): void {
    const fitted = forecaster.listFitted();
    const before = this.#phases.get(forecaster);
    const now = new Map(fitted.map(({ name, phase }) => [name, phase] as const));
    this.#phases.set(forecaster, now);
    for (const report of fitted) {
      // What it was at the start is no news.
      if (before === undefined || before.get(report.name) === report.phase) continue;
      const { clock, log } = this.#ports;
      const level = report.phase === 'on-trial' ? 'debug' : 'info';
      const told = explainAdmission(report, clock.now());
      const change =
        report.phase === 'admitted'
          ? '; forecasts have it in them from now on'
          : before.get(report.name) === 'admitted'
            ? '; forecasts go on without it'
            : '';
      log.write(level, `${forecaster.group}: ${told}${change}`);
    }
  }
}
