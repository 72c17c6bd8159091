// What is forecast for a group's forecast policies: made once a minute and kept in the observation, so
// that a replay decides by the same numbers.

import type { ForecastReading } from '../core/policies/forecast.ts';
import type { ForecastPolicy } from '../core/policies/policy.ts';
import type { EpochMs } from '../core/time.ts';
import type { ForecastKeeper } from './forecast-keeper.ts';
import type { ManagedGroup } from './managed-group.ts';

const planEveryMs = 60_000;
const medianLevel = 0.5;
/** Digits that are kept: finer ones only make journals longer. */
const digits = 6;

/** How far ahead a policy looks: until what is launched a minute from now is of use. */
export function lookAheadMs({ leadMs }: ForecastPolicy): number {
  return leadMs + planEveryMs;
}

/** Renews the group's readings once a minute. Nothing for groups without such a policy. */
export function readForecasts(managed: ManagedGroup, keeper: ForecastKeeper, now: EpochMs): void {
  const { group } = managed;
  const policies = group.policies.filter((policy) => policy.type === 'forecast');
  if (policies.length === 0) {
    managed.forecasts = {};
    return;
  }
  const [newest] = Object.values(managed.forecasts);
  const isSame = policies.every(({ name }) => Object.hasOwn(managed.forecasts, name));
  if (isSame && newest !== undefined && now >= newest.at && now < newest.at + planEveryMs) return;
  const found = keeper.find(group.name);
  if (found === null || !found.isLive) return;
  managed.forecasts = Object.fromEntries(
    policies.map((policy): [string, ForecastReading] => {
      const { forecaster } = found;
      const { code, isUsable, levels, quantiles } = forecaster.forecastMax(lookAheadMs(policy));
      const median = quantiles[levels.indexOf(medianLevel)] ?? 0;
      const demand = Number(median.toPrecision(digits));
      return [policy.name, { at: now, code: isUsable ? 'ok' : code, demand }];
    }),
  );
}
