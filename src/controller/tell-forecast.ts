// A group's forecast as it is told to people and programs, with what turns demand into instances.

import { explainWarmPool } from '../core/explain.ts';
import { explainAdmission } from '../core/forecasting/explain-admission.ts';
import type { EpochMs } from '../core/time.ts';
import type { Controller } from './controller.ts';
import { firstStep } from './forecast-keeper.ts';
import { planStepMs, type GroupForecaster } from './group-forecaster.ts';
import type { ManagedGroup } from './managed-group.ts';
import { summarise } from './summarise.ts';
import type { ForecastCode, Sizing, ToldForecast, ToldWarmPool } from './ports/forecast.ts';

const hourMs = 3_600_000;
/** Two of them tell what of a day comes again. */
const seasonsFromMs = 48 * hourMs;
/** Of a horizon near this the experts' weights are told. */
const toldLeadMs = hourMs;
/** Until a launch was seen: what a plain Linux image takes, on the long side. */
const firstLeadMs = 180_000;

/** Null where the group's demand is not forecast. */
export function tellForecast(
  controller: Controller,
  managed: ManagedGroup,
  { now, hours }: { readonly now: EpochMs; readonly hours: number },
): ToldForecast | null {
  const found = controller.forecasts.find(managed.group.name);
  if (found === null) return null;
  const { forecaster, isLive } = found;
  const start = firstStep(now);
  const steps = forecaster.forecastSteps(
    start,
    Math.max(1, Math.ceil((hours * hourMs) / planStepMs)),
  );
  const refused = steps.find(({ isUsable }) => !isUsable);
  const isUsable = isLive && refused === undefined && steps.length > 0;
  const report = forecaster.describe();
  const { signal } = forecaster.terms;
  return {
    group: managed.group.name,
    isUsable,
    code: chooseCode(forecaster, isLive ? (refused?.code ?? steps[0]?.code) : 'still-learning'),
    signal,
    start,
    stepMs: planStepMs,
    levels: steps[0]?.levels ?? [],
    quantiles: isUsable ? steps.map(({ quantiles }) => quantiles) : [],
    experts: listWeights(report.horizons),
    fitted: tellFitted(forecaster, now),
    scorecard: report.horizons,
    seasonsMs: report.seasonsMs,
    historyMs: forecaster.historyMs,
    demand: forecaster.newestDemand,
    sizing: findSizing(managed, signal, now),
    ...tellWarmPool(managed),
  };
}

function tellWarmPool({ lastDecision, lastInput, spending }: ManagedGroup): {
  warmPool?: ToldWarmPool;
} {
  const decision = lastDecision?.warmPool;
  const reading = lastInput?.observation.warmPool;
  if (lastDecision === null || decision === undefined || reading === undefined) return {};
  const { ready, preparing, plan } = reading;
  const price = spending.pricePerInstanceHour;
  const isPriced = price !== null && plan !== undefined;
  return {
    warmPool: {
      explanation: explainWarmPool(decision, lastDecision.at),
      waiting: ready + preparing,
      perHour: isPriced ? Number((ready * plan.costRatio * price).toPrecision(4)) : null,
    },
  };
}

const codes: readonly ForecastCode[] = [
  'ok',
  'demoted-to-naive',
  'too-little-history',
  'no-recent-demand',
  'not-finite',
  'still-learning',
];

function chooseCode({ historyMs }: GroupForecaster, told: string | undefined): ForecastCode {
  const code = codes.find((one) => one === told) ?? 'not-finite';
  const isUsable = code === 'ok' || code === 'demoted-to-naive';
  return isUsable && historyMs < seasonsFromMs ? 'short-history' : code;
}

function listWeights(horizons: ToldForecast['scorecard']): ToldForecast['experts'] {
  const distance = ({ leadMs }: (typeof horizons)[number]): number => Math.abs(leadMs - toldLeadMs);
  const [nearest] = horizons
    .filter(({ kind }) => kind === 'mean')
    .toSorted((one, other) => distance(one) - distance(other));
  return (nearest?.experts ?? [])
    .map(({ name, weight }) => ({ name, weight }))
    .toSorted((one, other) => other.weight - one.weight);
}

function tellFitted(forecaster: GroupForecaster, now: EpochMs): ToldForecast['fitted'] {
  if (forecaster.terms.fits === false) return [];
  return forecaster.listFitted().map((report) => {
    return { ...report, explanation: explainAdmission(report, now) };
  });
}

function findSizing(managed: ManagedGroup, signal: string, now: EpochMs): Sizing {
  const { description, group, lastInput, spending, state } = managed;
  const learned = lastInput?.observation.demand;
  const able = managed.demand?.capacityOf(signal) ?? null;
  const target = findTarget(managed, signal);
  const capacity = description === null ? null : summarise(description);
  return {
    perInstance: able ?? target,
    basis: able !== null ? 'learned' : target === null ? null : 'target',
    leadMs: learned?.leadMs ?? firstLeadMs,
    isLeadLearned: learned !== undefined,
    pricePerInstanceHour: spending.read(now)?.pricePerInstanceHour ?? null,
    min: Math.max(group.min, capacity?.min ?? 0),
    max: Math.min(group.max, capacity?.max ?? group.max),
    desired: state.accepted?.size ?? capacity?.desired ?? null,
  };
}

/** What one instance is to carry, by a policy of forecasts or one that keeps this very signal. */
function findTarget({ group }: ManagedGroup, signal: string): number | null {
  for (const policy of group.policies) {
    if (policy.type === 'forecast') return policy.target;
    if (policy.type !== 'target-tracking') continue;
    const tracked = [policy, ...(policy.others ?? [])];
    const found = tracked.find(({ selector }) => selector.signal === signal);
    if (found !== undefined) return found.target;
  }
  return null;
}
