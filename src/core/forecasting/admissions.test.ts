import { describe, expect, it } from 'vitest';
import { createDemandForecaster, type DemandForecaster } from './demand-forecaster.ts';
import { fitModel } from './fit-model.ts';
import type { FittedReport } from './report.ts';
import { createNormal } from './testing/simulated-series.ts';

/** Weeks of blocks are learnt from, on a machine that may be busy. */
const limitMs = 120_000;
const startsAt = 1_767_225_600_000;
const blocksPerDay = 8640;
const blocksPerHour = 360;
const stepMs = 300_000;

type Demand = (block: number) => number;

/** Swings of about 40 min that lose their phase within hours: AR(2) in steps of five minutes. */
function createSwings(): Demand {
  const normal = createNormal(5);
  let [before, last, step] = [0, 0, -1];
  return (block) => {
    while (step < Math.floor(block / 30)) {
      step += 1;
      [before, last] = [last, 1.4 * last - 0.96 * before + 0.015 * normal()];
    }
    return 100 * Math.exp(last);
  };
}

/** A level with noise that nothing foretells. */
function createNoise(): Demand {
  const normal = createNormal(9);
  const values = Array.from({ length: (40 * blocksPerDay) / 30 }, () =>
    Math.max(0, 100 + 25 * normal()),
  );
  return (block) => values[Math.floor(block / 30)] ?? 100;
}

function feed(
  forecasters: readonly DemandForecaster[],
  demand: Demand,
  { from, days }: { readonly from: number; readonly days: number },
  onHour: () => void = () => undefined,
): void {
  for (let block = from * blocksPerDay; block < (from + days) * blocksPerDay; block += 1) {
    const value = demand(block);
    for (const forecaster of forecasters) {
      forecaster.observe({ startsAt: startsAt + block * 10_000, demand: value, isCensored: false });
      if (isAsked(block)) ask(forecaster);
    }
    if (isAsked(block)) onHour();
  }
}

/** Before the first fits nobody asks: horizons cost most. */
function isAsked(block: number): boolean {
  return block % blocksPerHour === 0 && block > 6.5 * blocksPerDay;
}

function ask(forecaster: DemandForecaster): readonly (readonly number[])[] {
  return [0, stepMs, 3 * stepMs].map((leadMs) => forecaster.forecastMean(leadMs, stepMs).quantiles);
}

/** Fits what is due, as whoever runs a forecaster does. */
function fitDue(forecaster: DemandForecaster): void {
  const due = forecaster.findFitDue();
  const task = forecaster.readFitTask();
  if (due === null || task === null) return;
  const packed = fitModel(due.name, task);
  if (typeof packed === 'string') forecaster.decline(due.name, packed);
  else forecaster.adopt(due.name, packed);
}

function stateOf(forecaster: DemandForecaster, name: string): FittedReport {
  const found = forecaster.listFitted().find((one) => one.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('fitted experts of a live forecaster', { timeout: limitMs }, () => {
  it('join by themselves where they are worth it, stay after a restart, and leave again', () => {
    const forecaster = createDemandForecaster();
    const never = createDemandForecaster();
    const swings = createSwings();
    feed([forecaster, never], swings, { from: 0, days: 7 }, () => fitDue(forecaster));
    expect(stateOf(forecaster, 'arima').phase).toBe('untried');
    feed([forecaster, never], swings, { from: 7, days: 4 }, () => fitDue(forecaster));
    expect(stateOf(forecaster, 'arima')).toMatchObject({ phase: 'admitted', problem: null });
    expect(stateOf(forecaster, 'arima').gainRatio).toBeGreaterThan(0.05);
    const [horizon] = forecaster.describe().horizons;
    const weights = new Map(horizon?.experts.map(({ name, weight }) => [name, weight]));
    expect(weights.get('arima')).toBeGreaterThan(0.2);
    expect([...weights.values()].reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
    expect(ask(forecaster)).not.toEqual(ask(never));

    const again = createDemandForecaster({}, structuredClone(forecaster.snapshot()));
    expect(again.listFitted()).toEqual(forecaster.listFitted());
    const fitBoth = (): void => [forecaster, again].forEach(fitDue);
    feed([forecaster, again], swings, { from: 11, days: 1 }, fitBoth);
    expect(ask(again)).toEqual(ask(forecaster));
    expect(again.listFitted()).toEqual(forecaster.listFitted());

    feed([forecaster], createNoise(), { from: 12, days: 8 }, () => fitDue(forecaster));
    expect(stateOf(forecaster, 'arima').phase).toBe('refused');
  });

  it('that are refused never changed a forecast', () => {
    const forecaster = createDemandForecaster();
    const never = createDemandForecaster();
    const noise = createNoise();
    const phases = new Set<string>();
    feed([forecaster, never], noise, { from: 0, days: 16 }, () => {
      fitDue(forecaster);
      for (const { phase } of forecaster.listFitted()) phases.add(phase);
      expect(ask(forecaster)).toEqual(ask(never));
    });
    expect([...phases]).toEqual(['untried', 'on-trial', 'refused']);
    const retryAt = stateOf(forecaster, 'lstm').nextFitAt ?? 0;
    expect(retryAt).toBeGreaterThan(startsAt + 16 * 86_400_000);
    expect(forecaster.findFitDue()).toBeNull();
  });
});
