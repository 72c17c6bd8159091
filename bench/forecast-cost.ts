// What live forecasts cost the loop: the past at a first start, each minute with the horizons of a plan,
// a save. CPU of one thread; one group learns its past, and the others go on from what it saved.
//   npm run bench:forecast-cost -- [--groups 200] [--days 36] [--minutes 30] [--fitted]
import { parseArgs } from 'node:util';
import { fitModel } from '../src/core/forecasting/fit-model.ts';
import { GroupForecaster, type ForecastTerms } from '../src/controller/group-forecaster.ts';
import type { HistoryPoint } from '../src/controller/ports/store.ts';
import { createRandom, drawBetween } from '../src/simulation/random.ts';
import { refuseOption } from './options.ts';
import { printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '200' },
    days: { type: 'string', default: '36' },
    minutes: { type: 'string', default: '30' },
    /** ARIMA and the LSTM are on trial. */
    fitted: { type: 'boolean', default: false },
  },
});
const groups = read('groups', 1000);
const days = read('days', 60);
const minutes = read('minutes', 1440);
const blockMs = 10_000;
const blocksPerDay = 8640;
const blocksPerMinute = 6;
/** As the keeper reads the past: minutes until fifteen days ago, horizons in the last three. */
const fineDays = 15;
const horizonDays = 3;
const startMs = 1_767_225_600_000;
const terms: ForecastTerms = {
  signal: 'demand',
  isTotal: true,
  everyMs: blockMs,
  spansMs: [300_000, 600_000],
};
const random = createRandom(1, 'forecast-cost');
const rows: string[][] = [];

const first = new GroupForecaster('web-0', terms);
const end = days * blocksPerDay;
const coarseEnd = Math.max(0, end - fineDays * blocksPerDay);
const horizonsFrom = Math.max(0, end - horizonDays * blocksPerDay);
const pieces = { worstMs: 0 };
const plainMs = learnPast(0, horizonsFrom, 720);
let askedMs = 0;
// Horizons that nobody asks for are not learnt: the keeper asks every six hours.
for (let from = horizonsFrom; from < end; from += blocksPerDay / 4) {
  askedMs += spend(() => first.keepHorizons());
  askedMs += learnPast(from, Math.min(end, from + blocksPerDay / 4), 60);
}
first.keepHorizons();
if (values.fitted) fitBoth();
rows.push([`past of ${days} days`, `${((plainMs + askedMs) / 1000).toFixed(1)} s a group`]);
rows.push(['its longest piece', `${pieces.worstMs.toFixed(0)} ms`]);

const saves = Array.from({ length: 10 }, () => spend(() => structuredClone(first.save())));
rows.push(['save, with the clone for the store', `${(sum(saves) / saves.length).toFixed(1)} ms`]);
const saved = structuredClone(first.save());
const live = [first];
let restoreMs = 0;
for (let index = 1; index < groups; index += 1) {
  const next = new GroupForecaster(`web-${index}`, terms);
  restoreMs += spend(() => next.restore(saved));
  live.push(next);
}
rows.push(['restore', `${(restoreMs / Math.max(1, groups - 1)).toFixed(1)} ms a group`]);

const blocks = Array.from({ length: minutes * blocksPerMinute }, (_, index) => {
  const point = pointAt(end + index);
  return spend(() => {
    for (const forecaster of live) forecaster.learn([point]);
  });
});
const horizons = first.describe().horizons.length;
const perMinute = sum(blocks) / groups / minutes;
rows.push([`live, ${groups} groups, ${horizons} horizons`, `${perMinute.toFixed(2)} ms a minute`]);
rows.push(['the dearest block of all groups', `${Math.max(...blocks).toFixed(0)} ms`]);
rows.push(['the mean block of all groups', `${(sum(blocks) / blocks.length).toFixed(0)} ms`]);
printTable(['what', 'CPU'], rows);

function fitBoth(): void {
  for (let fit = first.beginFit(); fit !== null; fit = first.beginFit()) {
    const packed = fitModel(fit.name, fit.task);
    if (typeof packed === 'string') refuseOption(`${fit.name} cannot be fitted: ${packed}`);
    fit.finish({ ok: true, packed });
  }
}

function learnPast(from: number, until: number, pieceLength: number): number {
  const points: HistoryPoint[] = [];
  for (let block = from; block < until; block += block < coarseEnd ? blocksPerMinute : 1) {
    points.push(pointAt(block));
  }
  let total = 0;
  for (let index = 0; index < points.length; index += pieceLength) {
    const piece = points.slice(index, index + pieceLength);
    const spent = spend(() => first.learn(piece));
    pieces.worstMs = Math.max(pieces.worstMs, spent);
    total += spent;
  }
  return total;
}

function pointAt(block: number): HistoryPoint {
  const phase = (2 * Math.PI * (block % blocksPerDay)) / blocksPerDay;
  const mean = (100 + 60 * Math.sin(phase)) * drawBetween(random, 0.8, 1.2);
  return { group: 'web', signal: 'demand', start: startMs + block * blockMs, mean };
}

function spend(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

function read(name: 'groups' | 'days' | 'minutes', most: number): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  refuseOption(`--${name} is '${values[name]}'; allowed: 1 to ${most}`);
}
