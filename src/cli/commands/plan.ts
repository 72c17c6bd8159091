// `foretide plan`: what a group is expected to need over the next hours, when to launch for it and what
// it will cost, by the running controller's forecast.

import { createClient } from '../../api/client.ts';
import type { ToldForecast } from '../../controller/ports/forecast.ts';
import {
  planCapacity,
  type CapacityPlan,
  type PlanStep,
} from '../../core/forecasting/capacity-plan.ts';
import { StartError } from '../start-error.ts';
import { formatTable } from '../table.ts';

export interface PlanOptions {
  readonly socket: string;
  readonly hours: number;
  readonly json?: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Up to so many hours a row is five minutes, beyond them an hour. */
const fineHoursMax = 2;
/** Instances are told for the demand that nine of ten such moments stay below. */
const sizingLevel = 0.9;
const preWarmsShown = 20;

export async function plan(group: string, options: PlanOptions): Promise<void> {
  const answer = await createClient({ socketPath: options.socket }).forecast(group, options.hours);
  if (answer.kind === 'unreachable') throw new StartError(answer.message, 1);
  if (answer.kind === 'refused') throw new StartError(answer.detail, 1);
  const forecast = answer.value;
  const planned = planCapacity({ ...forecast, ...forecast.sizing, sizingLevel });
  const text =
    options.json === true
      ? JSON.stringify({ ...describeInJson(forecast), ...planned })
      : describePlan(forecast, planned);
  process.stdout.write(`${text}\n`);
  if (!forecast.isUsable) process.exitCode = 1;
}

/** Without the quantiles, of which the plan's steps have what counts. */
function describeInJson(forecast: ToldForecast): object {
  const { group, isUsable, code, signal, historyMs, demand, sizing, fitted, warmPool } = forecast;
  const known = { group, isUsable, code, signal, historyMs, demand, fitted };
  return { ...known, sizing, sizingLevel, warmPool };
}

/** For a terminal. */
export function describePlan(forecast: ToldForecast, planned: CapacityPlan): string {
  const { group } = forecast;
  if (!forecast.isUsable) return `${group}: no plan: ${explainNone(forecast)}`;
  const { steps, preWarms, cost, instanceHours } = planned;
  const hours = (steps.length * forecast.stepMs) / hourMs;
  const rows = hours <= fineHoursMax ? steps : joinHours(steps);
  const total =
    instanceHours === null
      ? []
      : [
          `  ${formatNumber(instanceHours)} instance-hours` +
            (cost === null ? '; no price is known for its instances' : `, $${cost.toFixed(2)}`),
        ];
  return [
    `${group}, the next ${formatNumber(hours)} h of ${forecast.signal}: ${describeGround(forecast)}`,
    '',
    `  ${drawSpark(steps.map(({ expected }) => expected))}  expected demand`,
    '',
    ...indent(formatTable([head, ...rows.map(describeRow)])),
    '',
    ...total,
    ...describePreWarms(forecast, preWarms),
    ...explainSizing(forecast),
    ...describePool(forecast, hours),
    ...forecast.fitted.map(({ explanation }) => `  ${explanation}`),
  ].join('\n');
}

const head = ['from', 'demand', '10% to 90%', 'instances', 'cost'];

function describeRow({ start, low, expected, high, instances, isShort, cost }: PlanStep): string[] {
  return [
    formatTime(start),
    formatNumber(expected),
    `${formatNumber(low)} to ${formatNumber(high)}`,
    instances === null ? '?' : `${instances}${isShort ? ' (max, too few)' : ''}`,
    cost === null ? '?' : `$${cost.toFixed(2)}`,
  ];
}

/** Rows of clock hours: the mean of what is expected, the widest band, the most instances. */
function joinHours(steps: readonly PlanStep[]): readonly PlanStep[] {
  const hours = new Map<number, PlanStep[]>();
  for (const step of steps) {
    const hour = Math.floor(step.start / hourMs);
    hours.set(hour, [...(hours.get(hour) ?? []), step]);
  }
  return [...hours.values()].map((within) => {
    const sum = (read: (step: PlanStep) => number): number =>
      within.reduce((total, step) => total + read(step), 0);
    const isSized = within.every(({ instances }) => instances !== null);
    return {
      start: within[0]?.start ?? 0,
      low: Math.min(...within.map(({ low }) => low)),
      expected: sum(({ expected }) => expected) / within.length,
      high: Math.max(...within.map(({ high }) => high)),
      instances: isSized ? Math.max(...within.map(({ instances }) => instances ?? 0)) : null,
      isShort: within.some(({ isShort }) => isShort),
      cost: within.every(({ cost }) => cost !== null) ? sum(({ cost }) => cost ?? 0) : null,
    };
  });
}

function describePreWarms(
  { sizing }: ToldForecast,
  preWarms: CapacityPlan['preWarms'],
): readonly string[] {
  if (preWarms.length === 0) return [];
  const lead = `${Math.round(sizing.leadMs / 1000)} s${sizing.isLeadLearned ? '' : ', not learned yet'}`;
  const more = preWarms.length - preWarmsShown;
  return [
    `  launches, each its lead (${lead}) ahead:`,
    ...preWarms.slice(0, preWarmsShown).map(({ launchAt, from, to, neededAt, isLate }) => {
      const late = isLate ? ', late: the lead has begun' : '';
      return `    ${formatTime(launchAt)}  ${from} to ${to}, needed at ${formatTime(neededAt)}${late}`;
    }),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

/** What waits beside the instances above, and its share of the bill. */
function describePool({ warmPool }: ToldForecast, hours: number): readonly string[] {
  if (warmPool === undefined) return [];
  const { explanation, waiting, perHour } = warmPool;
  const cost =
    perHour === null
      ? 'no price is known for its instances'
      : `$${perHour.toFixed(4)} an hour for those at rest, $${(perHour * hours).toFixed(2)} over these ${formatNumber(hours)} h`;
  return [`  ${explanation}`, `  waiting now: ${waiting}; ${cost}`];
}

function explainSizing({ sizing, signal }: ToldForecast): readonly string[] {
  const { basis, perInstance } = sizing;
  if (perInstance === null) {
    return [
      `  instances are not told: no policy says how much of ${signal} one instance carries; ` +
        `target-tracking on ${signal} does, and a demand policy learns it`,
    ];
  }
  const why = basis === 'learned' ? 'as learned' : 'the target of its policy';
  return [
    `  instances: for the demand that 9 of 10 moments stay below, ${formatNumber(perInstance)} of ` +
      `${signal} on each (${why})`,
  ];
}

function describeGround({ code, historyMs }: ToldForecast): string {
  const known = formatSpan(historyMs);
  if (code === 'short-history') {
    return `only ${known} of history, so that nothing is known of the time of day yet`;
  }
  if (code === 'demoted-to-naive') {
    return `from ${known} of history; the same time a day or a week before does best at present`;
  }
  return `from ${known} of history`;
}

function explainNone({ code, historyMs }: ToldForecast): string {
  switch (code) {
    case 'still-learning':
      return 'the controller has just started and is reading the past; try again in a minute';
    case 'too-little-history':
      return `nothing can be said from ${formatSpan(historyMs)} of history; foretide history import brings more`;
    case 'no-recent-demand':
      return 'nothing has been measured in the last ten minutes';
    case 'ok':
    case 'demoted-to-naive':
    case 'short-history':
    case 'not-finite':
      return 'the forecast came to no number';
  }
}

const bars = '▁▂▃▄▅▆▇█';
const sparkWidthMax = 72;

/** One character for each step, or the mean of a few, from 0 to the highest. */
export function drawSpark(values: readonly number[]): string {
  const perBar = Math.max(1, Math.ceil(values.length / sparkWidthMax));
  const means: number[] = [];
  for (let index = 0; index < values.length; index += perBar) {
    const within = values.slice(index, index + perBar);
    means.push(within.reduce((sum, value) => sum + value, 0) / within.length);
  }
  const highest = Math.max(...means, 0);
  return means
    .map((mean) => {
      const rung = highest > 0 ? Math.floor((mean / highest) * (bars.length - 1) + 0.5) : 0;
      return bars.charAt(rung);
    })
    .join('');
}

function formatSpan(ms: number): string {
  if (ms >= 2 * dayMs) return `${Math.floor(ms / dayMs)} days`;
  if (ms >= 2 * hourMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / 60_000)} min`;
}

/** Three digits. */
function formatNumber(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

function formatTime(at: number): string {
  return new Date(at).toTimeString().slice(0, 5);
}

function indent(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
