// What fits of ARIMA and the LSTM cost a group and day, trials included: eight weeks as a live group lives
// them, with its retries after refusals and its refits while admitted. CPU of one thread.
//   npm run bench:fit-cost -- [--weeks 8]
import { parseArgs } from 'node:util';
import {
  createDemandForecaster,
  type DemandForecaster,
} from '../src/core/forecasting/demand-forecaster.ts';
import { fitModel } from '../src/core/forecasting/fit-model.ts';
import { createNormal } from '../src/core/forecasting/testing/simulated-series.ts';
import { generateSocial } from '../src/simulation/load/social.ts';
import { toBlocks } from '../src/simulation/forecast/trace-blocks.ts';
import { refuseOption } from './options.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({ options: { weeks: { type: 'string', default: '8' } } });
const weeks = Number(values.weeks);
if (!(Number.isInteger(weeks) && weeks >= 2 && weeks <= 12)) {
  refuseOption(`--weeks is '${values.weeks}'; allowed: 2 to 12`);
}
const blockMs = 10_000;
const blocksPerDay = 8640;
const stepMs = 300_000;
/** A Monday. */
const startMs = 1_767_571_200_000;
const days = weeks * 7;

interface Group {
  readonly name: string;
  readonly blocks: Float64Array;
}

const rows: string[][] = [];
for (const group of [joinSocial([1, 2, 4, 6, 8, 10]), joinSocial([3, 5, 7, 9, 11, 13]), swing()]) {
  rows.push(live(group));
}
printTable(
  ['group', 'fits', 'ARIMA', 'LSTM', 'fits, a day', 'on the loop, a day', 'in the end'],
  rows,
);

function live({ name, blocks }: Group): string[] {
  const forecaster = createDemandForecaster();
  const spent = { arima: 0, lstm: 0, loop: 0 };
  const fits = { arima: 0, lstm: 0 };
  for (let block = 0; block < days * blocksPerDay; block += 1) {
    const demand = blocks[block % blocks.length] ?? Number.NaN;
    const startsAt = startMs + block * blockMs;
    forecaster.observe({ startsAt, demand: demand >= 0 ? demand : null, isCensored: false });
    if (block % 360 === 0) ask(forecaster);
    // As a tick would ask, with the pause between fits.
    if (block % 6 !== 0) continue;
    const due = forecaster.findFitDue();
    if (due === null) continue;
    const { result: task, ms: readMs } = spend(() => forecaster.readFitTask());
    if (task === null) continue;
    const { result: packed, ms } = spend(() => fitModel(due.name, task));
    spent[due.name] += ms;
    fits[due.name] += 1;
    const { ms: adoptMs } = spend(() => {
      if (typeof packed === 'string') forecaster.decline(due.name, packed);
      else forecaster.adopt(due.name, packed);
    });
    spent.loop += readMs + adoptMs;
  }
  const told = forecaster.listFitted().map(({ name: expert, phase }) => `${expert} ${phase}`);
  const aFit = (expert: 'arima' | 'lstm'): string => {
    return `${(spent[expert] / Math.max(1, fits[expert])).toFixed(0)} ms a fit`;
  };
  return [
    name,
    `${fits.arima} + ${fits.lstm}`,
    aFit('arima'),
    aFit('lstm'),
    `${((spent.arima + spent.lstm) / days).toFixed(0)} ms`,
    `${(spent.loop / days).toFixed(2)} ms`,
    told.join(', '),
  ];
}

function ask(forecaster: DemandForecaster): void {
  for (const leadMs of [stepMs, 5 * stepMs, 11 * stepMs]) forecaster.forecastMean(leadMs, stepMs);
}

/** Two weeks of each seed, one after the other. */
function joinSocial(seeds: readonly number[]): Group {
  const parts = seeds.slice(0, Math.ceil(weeks / 2)).map((seed) => {
    const { startSeconds, workPerSecond, telemetryGaps } = generateSocial(seed);
    for (const { fromSecond, toSecond } of telemetryGaps) {
      workPerSecond.fill(Number.NaN, fromSecond, toSecond);
    }
    return toBlocks({ startSeconds, stepSeconds: 1, values: workPerSecond });
  });
  const blocks = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    blocks.set(part, at);
    at += part.length;
  }
  return { name: `social ${seeds.slice(0, parts.length).join(', ')}`, blocks };
}

/** Swings of 40 min that lose their phase within hours: what ARIMA is for. */
function swing(): Group {
  const normal = createNormal(5);
  const blocks = new Float64Array(days * blocksPerDay);
  let [before, last] = [0, 0];
  for (let at = 0; at < blocks.length; at += 30) {
    [before, last] = [last, 1.4 * last - 0.96 * before + 0.015 * normal()];
    blocks.fill(100 * Math.exp(last), at, at + 30);
  }
  return { name: 'swings of 40 min', blocks };
}

function spend<Result>(work: () => Result): { readonly result: Result; readonly ms: number } {
  const before = process.threadCpuUsage();
  const result = work();
  const { user, system } = process.threadCpuUsage(before);
  return { result, ms: (user + system) / 1000 };
}
