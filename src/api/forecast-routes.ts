// `/v1/groups/{group}/forecast`, and the way in for a group's past from elsewhere.

import type { Context, Hono } from 'hono';
import { z } from 'zod';
import type { ReadModel } from '../controller/ports/control.ts';
import type { HistoryIntake } from '../controller/ports/forecast.ts';
import { clientOf } from './access/guard.ts';
import type { ApiEnv } from './access/person.ts';
import type { Audit } from './audit.ts';
import type { ForecastAnswer, HistoryImportAnswer } from './answers.ts';
import { findStatus } from './find-group.ts';
import { answerProblem } from './problem.ts';
import { readBody, readQuery } from './read-input.ts';

const hoursDefault = 24;
const hoursMax = 48;
const minuteMs = 60_000;
/** As many as fit into a body. */
export const importMinutesMax = 400;

export const forecastQuery = z.strictObject({
  hours: z
    .string()
    .regex(/^\d{1,2}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(hoursMax))
    .optional()
    .describe(`a whole number from 1 to ${hoursMax}`),
});
export const historyBody = z.strictObject({
  minutes: z
    .array(z.tuple([z.int().min(0).multipleOf(minuteMs), z.number().min(0)]))
    .max(importMinutesMax)
    .describe(
      `at most ${importMinutesMax} pairs of a minute's start in milliseconds and its mean, 0 or more`,
    ),
  replaces: z.boolean().optional().describe('true or false'),
  isTrial: z.boolean().optional().describe('true or false'),
  isLast: z.boolean().optional().describe('true or false'),
});

export interface ForecastRouteOptions {
  readonly read: ReadModel;
  /** Absent: no past can be given to this controller. */
  readonly intake?: HistoryIntake;
  readonly audit: Audit;
}

export function addForecastRoutes(app: Hono<ApiEnv>, options: ForecastRouteOptions): void {
  const { audit, intake, read } = options;

  app.get('/v1/groups/:group/forecast', (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const query = readQuery(context, forecastQuery);
    if (!query.ok) return answerProblem(query.problem);
    const { name } = group.value;
    const forecast = read.forecast(name, query.value.hours ?? hoursDefault);
    if (forecast !== null) return context.json<ForecastAnswer>(forecast);
    return answerProblem(notForecast(name));
  });

  app.post('/v1/groups/:group/history', async (context) => {
    const group = findStatus(read, context.req.param('group'));
    if (!group.ok) return answerProblem(group.problem);
    const { name } = group.value;
    const signal = intake?.seriesOf(name) ?? null;
    if (intake === undefined || signal === null) return answerProblem(notForecast(name));
    const body = await readBody(context, historyBody);
    if (!body.ok) return answerProblem(body.problem);
    const { isLast = false, isTrial = false, replaces = false } = body.value;
    const minutes = body.value.minutes.map(([start, mean]) => ({ start, mean }));
    const newest = minutes.reduce((latest, { start }) => Math.max(latest, start), 0);
    if (newest + minuteMs > read.now()) {
      const detail = `minutes has one that is not over: it starts at ${newest}, and it is ${read.now()}`;
      return answerProblem({ status: 422, code: 'bad-input', detail });
    }
    const request = { group: name, signal, minutes, replaces, isTrial };
    const imported = await intake.importHistory({ ...request, isLast });
    const what = `${minutes.length} minutes of its past${replaces ? ', in the place of what was there' : ''}`;
    const noted = { ...tellAsker(context), action: 'history', group: name, what };
    if (!imported.ok) {
      audit.note({ ...noted, outcome: 'refused', because: imported.message });
      return answerProblem({ status: 503, code: 'store', detail: imported.message });
    }
    if (!isTrial) audit.note({ ...noted, outcome: 'done' });
    return context.json<HistoryImportAnswer>({ group: name, signal, ...imported.value });
  });
}

function tellAsker(context: Context<ApiEnv>) {
  const { name, via } = context.get('person');
  return { who: name, via, from: via === 'socket' ? null : clientOf(context) } as const;
}

function notForecast(name: string) {
  const detail = `the demand of ${name} is not forecast: none of its signals says what it is`;
  return { status: 404, code: 'no-data', detail } as const;
}
