// Forecast accuracy over recorded traces and the bursty generator, two hours ahead, beside seasonal naive.
//   npm run bench:forecast -- [--traces ../shared/traces] [--only nasa] [--step 1m] [--tuning] [--experts] [--fitted arima,lstm | --admission]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fittedNames } from '../src/core/forecasting/experts/fitted-expert.ts';
import { fitModel } from '../src/core/forecasting/fit-model.ts';
import { forecastLevels } from '../src/core/forecasting/levels.ts';
import { backtestForecast } from '../src/simulation/forecast/backtest-forecast.ts';
import {
  bareNaive,
  ensembleName,
  type NamedScore,
} from '../src/simulation/forecast/score-table.ts';
import { listFitTasks } from '../src/simulation/forecast/fit-schedule.ts';
import {
  firstBlockOf,
  toBlocks,
  type ForecastTrace,
} from '../src/simulation/forecast/trace-blocks.ts';
import { generateSocial } from '../src/simulation/load/social.ts';
import { geometricMean } from '../src/simulation/score/score.ts';
import { refuseOption } from './options.ts';
import { defaultTracesFolder } from './scored-loads.ts';
import { median, printTable } from './table.ts';

const { values } = parseArgs({
  options: {
    traces: { type: 'string', default: defaultTracesFolder },
    only: { type: 'string', default: '' },
    step: { type: 'string', default: '5m' },
    tuning: { type: 'boolean', default: false },
    experts: { type: 'boolean', default: false },
    fitted: { type: 'string', default: '' },
    // As in a live group: fits when they are due, a part in the ensemble where it is gained.
    admission: { type: 'boolean', default: false },
  },
});
const stepSeconds = new Map([
  ['1m', 60],
  ['5m', 300],
]).get(values.step);
if (stepSeconds === undefined) refuseOption(`--step is '${values.step}'; allowed: 1m, 5m`);
const fitted = fittedNames.filter((name) => values.fitted.split(',').includes(name));
if (fitted.join(',') !== values.fitted) {
  refuseOption(`--fitted is '${values.fitted}'; allowed: arima, lstm, or arima,lstm`);
}
const horizons = [600, 1800, 3600, 7200];
/** What may be looked at while constants are chosen; everything else is only reported. */
const tuningTraces = /mongo_app_rps_0[13]|nasa95_jul|social ([1-9]|1\d|20)$/;
const socialSeeds = values.tuning ? [1, 2, 4, 6] : [101, 102, 103, 104, 105, 106];

interface NamedTrace {
  readonly name: string;
  readonly read: () => ForecastTrace;
}

const rows: string[][] = [];
const ratios = { bare: [] as number[], banded: [] as number[], expert: [] as number[] };
for (const { name, read } of listTraces(values.traces)) {
  if (!name.includes(values.only)) continue;
  if (values.tuning !== tuningTraces.test(name) && values.only === '') continue;
  const trace = read();
  if (trace.stepSeconds > stepSeconds) continue;
  if (trace.values.length * trace.stepSeconds < 2 * 86_400) continue;
  const started = performance.now();
  const tasks = listFitTasks(toBlocks(trace), firstBlockOf(trace), fitted);
  const models = tasks.flatMap(({ name: expert, task }) => {
    const packed = fitModel(expert, task);
    return typeof packed === 'string' ? [] : { name: expert, until: task.until, packed };
  });
  const ask = { stepSeconds, horizonSeconds: horizons };
  const tables = values.admission
    ? admitFitted(name, trace)
    : backtestForecast(trace, models.length > 0 ? { ...ask, models } : ask);
  report(
    name,
    tables.map((table) => table.scores()),
    performance.now() - started,
  );
}
printTable(
  [
    'trace',
    '/ bare naive',
    '2 h alone',
    '/ naive + band',
    '/ best expert',
    'cover .5',
    '.9',
    '.99',
    'high .9',
    '.99',
    'MASE',
    's',
    'best',
  ],
  rows,
);
console.log(
  `geometric means: bare naive ${geometricMean(ratios.bare).toFixed(3)}, naive with band ${geometricMean(ratios.banded).toFixed(3)}, best expert ${geometricMean(ratios.expert).toFixed(3)}`,
);

/** Says what became of the fitted experts, and what the ensemble's loss is beside the one without them. */
function admitFitted(name: string, trace: ForecastTrace): ReturnType<typeof backtestForecast> {
  const ask = { stepSeconds: stepSeconds ?? 0, horizonSeconds: horizons };
  const without = backtestForecast(trace, ask);
  const said: string[] = [];
  const tables = backtestForecast(trace, {
    ...ask,
    fit: fitModel,
    onFitted: (told) => {
      for (const { name: expert, phase, gainRatio } of told) {
        const gain = gainRatio === null ? '' : ` ${(gainRatio * 100).toFixed(1)} %`;
        said.push(`${expert} ${phase}${gain}`);
      }
    },
  });
  const lossOf = (of: typeof tables): number =>
    of.reduce((sum, table) => sum + (table.scores()[0]?.pinball ?? Number.NaN), 0);
  const change = (lossOf(tables) / lossOf(without) - 1) * 100;
  console.log(`${name}: loss ${change.toFixed(2)} %, ${said.join(', ')}`);
  return tables;
}

function report(name: string, scores: readonly (readonly NamedScore[])[], elapsedMs: number): void {
  const total = (
    which: string,
    pick: (score: NamedScore) => number = (score) => score.pinball,
  ): number =>
    scores.reduce((sum, of) => {
      const score = of.find((one) => one.name === which);
      return sum + (score === undefined ? Number.NaN : pick(score) / scores.length);
    }, 0);
  const own = total(ensembleName);
  const least = (names: readonly string[]): number =>
    Math.min(...names.map((which) => total(which)).filter((loss) => loss > 0));
  const bare = own / least(Object.values(bareNaive));
  const banded = own / least(['naive-24h', 'naive-7d']);
  const names = [...new Set(scores.flatMap((of) => of.map((score) => score.name)))];
  const experts = names.filter((which) => which !== ensembleName && !which.startsWith('bare'));
  const best = least(experts);
  const last = scores.at(-1) ?? [];
  const alone =
    (last.find((one) => one.name === ensembleName)?.pinball ?? 0) /
    Math.min(...last.filter((one) => one.name.startsWith('bare')).map((one) => one.pinball));
  ratios.bare.push(bare);
  ratios.banded.push(banded);
  ratios.expert.push(own / best);
  const cover = (level: number, isHigh: boolean): string =>
    total(
      ensembleName,
      (score) => (isHigh ? score.highCoverage : score.coverage)[forecastLevels.indexOf(level)] ?? 0,
    ).toFixed(3);
  const mase =
    total(ensembleName, (score) => score.absoluteError) /
    Math.min(
      ...Object.values(bareNaive)
        .map((which) => total(which, (score) => score.absoluteError))
        .filter((x) => x > 0),
    );
  rows.push([
    name,
    bare.toFixed(3),
    alone.toFixed(3),
    banded.toFixed(3),
    (own / best).toFixed(3),
    cover(0.5, false),
    cover(0.9, false),
    cover(0.99, false),
    cover(0.9, true),
    cover(0.99, true),
    mase.toFixed(3),
    (elapsedMs / 1000).toFixed(1),
    experts.find((which) => total(which) === best) ?? '',
  ]);
  if (!values.experts) return;
  console.log(name);
  printTable(
    ['', ...horizons.map((h) => `${h / 60} min`)],
    names.map((which) => [
      which,
      ...scores.map((of) =>
        (of.find((one) => one.name === which)?.pinball ?? Number.NaN).toPrecision(4),
      ),
    ]),
  );
}

function listTraces(folder: string): readonly NamedTrace[] {
  const generated = socialSeeds.map((seed) => ({
    name: `social ${seed}`,
    read: () => readSocial(seed),
  }));
  if (!existsSync(folder)) return generated;
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.csv'))
    .toSorted();
  return [
    ...names.map((name) => ({
      name: name.slice(0, -4),
      read: () => readTrace(`${folder}/${name}`),
    })),
    ...generated,
  ];
}

function readSocial(seed: number): ForecastTrace {
  const { startSeconds, workPerSecond, telemetryGaps } = generateSocial(seed);
  for (const { fromSecond, toSecond } of telemetryGaps) {
    workPerSecond.fill(Number.NaN, fromSecond, toSecond);
  }
  return { startSeconds, stepSeconds: 1, values: workPerSecond };
}

/** Points by the nearest step; steps without one are missing. Some recordings are irregular. */
function readTrace(path: string): ForecastTrace {
  const points = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const times = points.map(([at = Number.NaN]) => at);
  const startSeconds = times[0] ?? 0;
  const steps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  const step = median(steps);
  const length = Math.round(((times.at(-1) ?? 0) - startSeconds) / step) + 1;
  const series = new Float64Array(length).fill(Number.NaN);
  for (const [at = Number.NaN, value = Number.NaN] of points) {
    series[Math.round((at - startSeconds) / step)] = value;
  }
  return { startSeconds, stepSeconds: step, values: series };
}
