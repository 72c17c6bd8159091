// One evaluation of one alarm: data points, verdicts, state, reason. Changes nothing.

import type { EpochMs } from '../../time.ts';
import type { MetricStore } from '../metric-store.ts';
import type { AlarmDefinition, AlarmState, ComparisonOperator } from './alarm.ts';
import { decideState } from './decide-state.ts';
import type { DatapointVerdict } from './decide-state.ts';
import { readDatapoints } from './read-datapoints.ts';
import type { AlarmDatapoint } from './read-datapoints.ts';
import { describeData, describeState } from './state-reason.ts';

export interface Evaluation {
  readonly state: AlarmState | 'retain';
  /** The real values that were compared with the threshold, oldest first. */
  readonly recentValues: readonly number[];
  /** Formats the reason: only worth its cost when the state has changed. */
  explain(): { readonly reason: string; readonly reasonData: string };
}

/** What the alarm makes of the periods that end at `now`, a full minute or ten seconds. */
export function evaluateAlarm(
  store: MetricStore,
  definition: AlarmDefinition,
  now: EpochMs,
): Evaluation {
  const reading = readDatapoints(store, definition, now);
  if (!reading.ok) return failEvaluation(reading.problem);
  const { datapoints } = reading;
  const { evaluationPeriods } = definition;
  const verdicts = datapoints.map(({ value }) => judge(value, definition));
  const evaluated = pickEvaluated(datapoints, evaluationPeriods);
  const real = evaluated.filter(({ value }) => value !== undefined);
  const state = hasTooFewSamples(definition, real)
    ? 'retain'
    : decideState(verdicts, {
        evaluationPeriods,
        datapointsToAlarm: definition.datapointsToAlarm ?? evaluationPeriods,
        treatMissingData: definition.treatMissingData ?? 'missing',
      });
  return {
    state,
    recentValues: real.map(({ value }) => value).filter((value) => value !== undefined),
    explain() {
      const judged = real.map((datapoint) => {
        return { datapoint, isBreaching: judge(datapoint.value, definition) === 'breaching' };
      });
      const named = state === 'retain' ? 'INSUFFICIENT_DATA' : state;
      const reason = describeState(definition, named, judged);
      return { reason, reasonData: describeData(definition, evaluated, now) };
    },
  };
}

function failEvaluation(problem: string): Evaluation {
  const explain = () => ({ reason: `Evaluation error: ${problem}`, reasonData: '' });
  return { state: 'INSUFFICIENT_DATA', recentValues: [], explain };
}

/** The newest N real data points; where there are fewer, the newest missing ones fill up to N. */
function pickEvaluated(
  datapoints: readonly AlarmDatapoint[],
  evaluationPeriods: number,
): readonly AlarmDatapoint[] {
  const real = datapoints.filter(({ value }) => value !== undefined).slice(-evaluationPeriods);
  const missing = datapoints.filter(({ value }) => value === undefined);
  const fillers = missing.slice(missing.length - (evaluationPeriods - real.length));
  return [...real, ...fillers].toSorted((a, b) => a.at - b.at);
}

function judge(value: number | undefined, definition: AlarmDefinition): DatapointVerdict {
  if (value === undefined) return 'missing';
  const { comparisonOperator, threshold } = definition;
  return isBreaching(value, comparisonOperator, threshold) ? 'breaching' : 'within';
}

/** Whether the value is on the alarm's side of the threshold. */
export function isBreaching(
  value: number,
  operator: ComparisonOperator,
  threshold: number,
): boolean {
  switch (operator) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
}

/**
 * Fewer samples than 10/(1 - p), or 10/p below the median, say little about percentile p
 * ("Percentile-based CloudWatch alarms and low data samples", CloudWatch User Guide).
 */
function hasTooFewSamples(definition: AlarmDefinition, real: readonly AlarmDatapoint[]): boolean {
  const { measure, evaluateLowSampleCountPercentile } = definition;
  if (evaluateLowSampleCountPercentile !== 'ignore' || measure.kind !== 'metric') return false;
  const { statistic } = measure;
  if (statistic.kind !== 'percentile') return false;
  const samples = real.reduce((sum, { sampleCount = 0 }) => sum + sampleCount, 0);
  const tail = statistic.ratio >= 0.5 ? 1 - statistic.ratio : statistic.ratio;
  return samples * tail < 10;
}
