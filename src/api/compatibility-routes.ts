// What other systems ask: `/predict` and `/datapoints` as a predictor over CloudWatch had them,
// Prometheus's `/metrics`, and `/healthz` for whoever restarts things. Reads only.

import type { Hono } from 'hono';
import { z } from 'zod';
import type { MetricFamily, ReadModel } from '../controller/ports/control.ts';
import type { Forecast, PastMean } from '../core/forecasting/plain.ts';
import type { EpochMs } from '../core/time.ts';
import type { ApiEnv } from './access/person.ts';
import { loadCpuHistory, type CpuHistoryOptions } from './cpu-history.ts';
import { formatDatapoints } from './datapoints.ts';
import { describeHealth } from './describe-health.ts';
import { findStatusOrFirst } from './find-group.ts';
import { predict } from './predict.ts';
import { answerProblem } from './problem.ts';
import { formatMetrics, metricsContentType } from './prometheus-text.ts';
import { rangeFields, resolveRange } from './range.ts';
import { readQuery } from './read-input.ts';

export interface CompatibilityOptions extends CpuHistoryOptions {
  readonly read: ReadModel;
  readonly version: string;
  readonly startedAt: EpochMs;
  readonly forecastRatio: (past: readonly PastMean[]) => Forecast | null;
}

const dayMs = 86_400_000;
const datapointSpan = { spanMs: dayMs, spanMaxMs: 14 * dayMs };
/** A day of minutes, where no range is asked for. */
const datapointsDefault = 1440;

const group = z.string().min(1).optional().describe('the name of a group');
const predictQuery = z.strictObject({ group });
const datapointsQuery = z.strictObject({ group, ...rangeFields });

export function addCompatibilityRoutes(app: Hono<ApiEnv>, options: CompatibilityOptions): void {
  const { read } = options;

  app.get('/predict', async (context) => {
    const query = readQuery(context, predictQuery);
    if (!query.ok) return answerProblem(query.problem);
    const status = findStatusOrFirst(read, query.value.group);
    if (!status.ok) return answerProblem(status.problem);
    const prediction = await predict(status.value.name, options);
    return prediction.ok ? context.json(prediction.value) : answerProblem(prediction.problem);
  });

  app.get('/datapoints', async (context) => {
    const query = readQuery(context, datapointsQuery);
    if (!query.ok) return answerProblem(query.problem);
    const status = findStatusOrFirst(read, query.value.group);
    if (!status.ok) return answerProblem(status.problem);
    const { from, to } = query.value;
    const range = resolveRange(query.value, { now: read.now(), ...datapointSpan });
    if (!range.ok) return answerProblem(range.problem);
    const history = await loadCpuHistory(status.value.name, range.value, options);
    if (!history.ok) return answerProblem(history.problem);
    const all = history.value;
    // An imported file is of another time, so that "the last day" is the newest that there is.
    if (from === undefined && to === undefined) {
      return context.json(formatDatapoints(all.slice(-datapointsDefault)));
    }
    const { from: start, to: end } = range.value;
    const within = all.filter((one) => one.start >= start && one.start < end);
    return context.json(formatDatapoints(within));
  });

  app.get('/metrics', (context) => {
    const families = [...read.metrics(), ...listServiceMetrics(options)];
    return context.body(formatMetrics(families), 200, { 'content-type': metricsContentType });
  });

  app.get('/healthz', (context) => {
    const health = describeHealth(read);
    return context.json(health, health.status === 'ok' ? 200 : 503);
  });
}

export function listServiceMetrics(options: {
  readonly version: string;
  readonly startedAt: EpochMs;
}): readonly MetricFamily[] {
  const { startedAt, version } = options;
  return [
    {
      name: 'foretide_info',
      help: 'Always 1; the version stands in its label.',
      type: 'gauge',
      samples: [{ labels: { version }, value: 1 }],
    },
    {
      name: 'foretide_start_time_seconds',
      help: 'When the controller started, in seconds since 1970.',
      type: 'gauge',
      samples: [{ labels: {}, value: startedAt / 1000 }],
    },
  ];
}
