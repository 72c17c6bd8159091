// Alarms on virtual time: when they are evaluated, what they see, whom they tell.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  advanceCloudWatch,
  createCloudWatch,
  nextCloudWatchWakeAt,
  record,
} from '../cloudwatch.ts';
import type { CloudWatch, CloudWatchOptions } from '../cloudwatch.ts';
import type { MissingDataTreatment, StateChange } from './alarm.ts';
import { MISSING_DATA_TREATMENTS } from './alarm.ts';
import { deleteAlarms, putAlarm, setActionsEnabled, setAlarmState } from './alarm-book.ts';
import { decideState, EXTRA_PERIODS } from './decide-state.ts';
import { describeAlarms, describeHistory } from './list-alarms.ts';
import type { AlarmInput } from './parse-alarm.ts';

/** 2026-01-15T10:00:00Z. */
const START = 1_768_471_200_000;
const MINUTE = 60_000;
const POLICY =
  'arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:id:' +
  'autoScalingGroupName/web:policyName/out';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:topic';
const NO_DELAY = { defaultMs: 0, byNamespace: new Map() };

const cpuAlarm: AlarmInput = {
  name: 'cpu-high',
  namespace: 'AWS/EC2',
  metricName: 'CPUUtilization',
  dimensions: [{ name: 'AutoScalingGroupName', value: 'web' }],
  statistic: 'Average',
  periodS: 60,
  evaluationPeriods: 3,
  threshold: 50,
  comparisonOperator: 'GreaterThanThreshold',
  okActions: [],
  alarmActions: [POLICY, TOPIC],
  insufficientDataActions: [],
  metrics: [],
};

interface Invocation extends StateChange {
  readonly arn: string;
}

function setUp(input: Partial<AlarmInput> = {}, options: CloudWatchOptions = {}) {
  const invocations: Invocation[] = [];
  const cloudWatch = createCloudWatch(START, {
    delays: NO_DELAY,
    onAlarmAction: (arn, _alarm, change) => invocations.push({ ...change, arn }),
    ...options,
  });
  const outcome = putAlarm(cloudWatch, { ...cpuAlarm, ...input }, START);
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return { cloudWatch, invocations };
}

function recordCpu(cloudWatch: CloudWatch, value: number, at: number, now = at + MINUTE): void {
  const { namespace = '', metricName = '' } = cpuAlarm;
  const dimensions = [{ name: 'AutoScalingGroupName', value: 'web' }];
  const outcome = record(cloudWatch, { namespace, metricName, dimensions, value, at }, now);
  if (!outcome.ok) throw new Error(outcome.fault.message);
}

/** Minute by minute: records the value of the minute that ends, then advances to its end. */
function play(cloudWatch: CloudWatch, values: readonly (number | undefined)[]): void {
  for (const value of values) {
    const at = cloudWatch.now;
    if (value !== undefined) recordCpu(cloudWatch, value, at);
    advanceCloudWatch(cloudWatch, at + MINUTE);
  }
}

const stateOf = (cloudWatch: CloudWatch) => cloudWatch.alarms.get('cpu-high')?.state;

describe('an alarm', () => {
  it('starts in INSUFFICIENT_DATA and stays there without data', () => {
    const { cloudWatch, invocations } = setUp();
    play(cloudWatch, [undefined, undefined]);
    expect(cloudWatch.alarms.get('cpu-high')).toMatchObject({
      state: 'INSUFFICIENT_DATA',
      stateReason: 'Unchecked: Initial alarm creation',
    });
    expect(invocations).toEqual([]);
  });

  it('goes to ALARM when three data points in a row breach, and back', () => {
    const { cloudWatch } = setUp();
    const states = [40, 60, 60, 60, 40].map((value) => {
      play(cloudWatch, [value]);
      return stateOf(cloudWatch);
    });
    expect(states).toEqual(['OK', 'OK', 'OK', 'ALARM', 'OK']);
  });

  it('says in words and figures why', () => {
    const { cloudWatch } = setUp({ datapointsToAlarm: 2, evaluationPeriods: 2 });
    play(cloudWatch, [60, 70]);
    const alarm = cloudWatch.alarms.get('cpu-high');
    expect(alarm?.stateReason).toBe(
      'Threshold Crossed: 2 out of the last 2 datapoints [60.0 (15/01/26 10:00:00), ' +
        '70.0 (15/01/26 10:01:00)] were greater than the threshold (50.0) ' +
        '(minimum 2 datapoints for OK -> ALARM transition).',
    );
    expect(JSON.parse(alarm?.stateReasonData ?? '')).toMatchObject({
      version: '1.0',
      queryDate: '2026-01-15T10:02:00.000+0000',
      startDate: '2026-01-15T10:00:00.000+0000',
      statistic: 'Average',
      period: 60,
      recentDatapoints: [60, 70],
      threshold: 50,
    });
  });

  it('tells how missing data was treated', () => {
    const { cloudWatch } = setUp({ treatMissingData: 'breaching', evaluationPeriods: 2 });
    play(cloudWatch, [undefined]);
    expect(cloudWatch.alarms.get('cpu-high')?.stateReason).toBe(
      'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints ' +
        'were treated as [Breaching].',
    );
  });

  it('does not see data before its publication', () => {
    const { cloudWatch } = setUp(
      { evaluationPeriods: 1 },
      { delays: { defaultMs: 0, byNamespace: new Map([['AWS/EC2', MINUTE]]) } },
    );
    play(cloudWatch, [60]);
    expect(stateOf(cloudWatch)).toBe('INSUFFICIENT_DATA');
    play(cloudWatch, [undefined]);
    expect(stateOf(cloudWatch)).toBe('ALARM');
  });

  it('repeats Auto Scaling actions each minute while the state lasts, and no others', () => {
    const { cloudWatch, invocations } = setUp({ evaluationPeriods: 1 });
    play(cloudWatch, [60, 70, 80, 40]);
    expect(invocations.map(({ arn, kind, recentValues }) => [arn, kind, ...recentValues])).toEqual([
      [POLICY, 'transition', 60],
      [TOPIC, 'transition', 60],
      [POLICY, 'repeat', 70],
      [POLICY, 'repeat', 80],
    ]);
  });

  it('invokes no action while its actions are disabled', () => {
    const { cloudWatch, invocations } = setUp({ evaluationPeriods: 1 });
    setActionsEnabled(cloudWatch, ['cpu-high'], false, cloudWatch.now);
    play(cloudWatch, [60, 60]);
    expect(stateOf(cloudWatch)).toBe('ALARM');
    expect(invocations).toEqual([]);
    setActionsEnabled(cloudWatch, ['cpu-high'], true, cloudWatch.now);
    play(cloudWatch, [60]);
    expect(invocations).toMatchObject([{ arn: POLICY, kind: 'repeat' }]);
  });

  it('is evaluated every ten seconds when its period is below a minute', () => {
    const { cloudWatch } = setUp({ periodS: 10, evaluationPeriods: 1, namespace: 'Custom' });
    expect(nextCloudWatchWakeAt(cloudWatch)).toBe(START + 10_000);
    const { metricName = '', dimensions } = cpuAlarm;
    const metric = {
      namespace: 'Custom',
      metricName,
      dimensions: dimensions.map(({ name = '', value = '' }) => ({ name, value })),
    };
    const isHighResolution = true;
    record(cloudWatch, { ...metric, value: 99, at: START + 3000, isHighResolution }, START + 4000);
    advanceCloudWatch(cloudWatch, START + 9999);
    expect(stateOf(cloudWatch)).toBe('INSUFFICIENT_DATA');
    advanceCloudWatch(cloudWatch, START + 10_000);
    expect(stateOf(cloudWatch)).toBe('ALARM');
  });

  it('looks at periods that slide with each minute', () => {
    const { cloudWatch } = setUp({ periodS: 300, evaluationPeriods: 1, statistic: 'Maximum' });
    play(cloudWatch, [10, 10, 99]);
    expect(stateOf(cloudWatch)).toBe('ALARM');
    expect(cloudWatch.now).toBe(START + 3 * MINUTE);
  });

  it('is forced into a state until the next evaluation, and acts on it', () => {
    const { cloudWatch, invocations } = setUp({ evaluationPeriods: 1 });
    play(cloudWatch, [10]);
    const reasonData = JSON.stringify({ recentDatapoints: [77] });
    const forced = { state: 'ALARM' as const, reason: 'testing', reasonData };
    setAlarmState(cloudWatch, 'cpu-high', forced, cloudWatch.now + 5000);
    expect(invocations).toMatchObject([
      { arn: POLICY, from: 'OK', to: 'ALARM', recentValues: [77] },
      { arn: TOPIC, reason: 'testing' },
    ]);
    play(cloudWatch, [10]);
    expect(stateOf(cloudWatch)).toBe('OK');
  });

  it('keeps its state when it is put again', () => {
    const { cloudWatch } = setUp({ evaluationPeriods: 1 });
    play(cloudWatch, [60]);
    putAlarm(cloudWatch, { ...cpuAlarm, threshold: 90 }, cloudWatch.now);
    expect(cloudWatch.alarms.get('cpu-high')).toMatchObject({
      state: 'ALARM',
      definition: { threshold: 90 },
    });
  });

  it('may delete itself from within its action', () => {
    const cloudWatch: CloudWatch = createCloudWatch(START, {
      delays: NO_DELAY,
      onAlarmAction: (_arn, alarm) => {
        deleteAlarms(cloudWatch, [alarm.definition.name], START);
      },
    });
    putAlarm(cloudWatch, { ...cpuAlarm, evaluationPeriods: 1 }, START);
    play(cloudWatch, [60, 60]);
    expect(cloudWatch.alarms.size).toBe(0);
  });

  it('leaves a history that outlives it', () => {
    const { cloudWatch } = setUp({ evaluationPeriods: 1 });
    play(cloudWatch, [10, 60]);
    deleteAlarms(cloudWatch, ['cpu-high', 'no such alarm'], cloudWatch.now);
    const history = describeHistory(cloudWatch, { alarmName: 'cpu-high', isAscending: true });
    if (!history.ok) throw new Error(history.fault.message);
    expect(history.value.items.map(({ summary }) => summary)).toEqual([
      'Alarm "cpu-high" created',
      'Alarm updated from INSUFFICIENT_DATA to OK',
      'Alarm updated from OK to ALARM',
      `Successfully executed action ${POLICY}`,
      `Successfully executed action ${TOPIC}`,
      'Alarm "cpu-high" deleted',
    ]);
  });

  it('watches metric math', () => {
    const { metricName, namespace, statistic, periodS, dimensions, ...rest } = cpuAlarm;
    const stat = { namespace, metricName, dimensions, periodS, stat: statistic };
    const { cloudWatch } = setUp();
    const outcome = putAlarm(
      cloudWatch,
      {
        ...rest,
        name: 'math',
        dimensions: [],
        evaluationPeriods: 1,
        metrics: [
          { id: 'm1', metricStat: stat, returnData: false },
          { id: 'doubled', expression: '2 * m1' },
        ],
      },
      START,
    );
    expect(outcome.ok).toBe(true);
    play(cloudWatch, [25]);
    expect(cloudWatch.alarms.get('math')?.state).toBe('OK');
    play(cloudWatch, [26]);
    expect(cloudWatch.alarms.get('math')?.state).toBe('ALARM');
  });
});

describe('alarms over any course of a metric', () => {
  it('are in the state that follows from the last N + 2 periods', () => {
    const course = fc.array(fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(
        course,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<MissingDataTreatment>(...MISSING_DATA_TREATMENTS),
        (values, evaluationPeriods, datapoints, treatMissingData) => {
          const datapointsToAlarm = Math.min(datapoints, evaluationPeriods);
          const rule = { evaluationPeriods, datapointsToAlarm, treatMissingData };
          const { cloudWatch } = setUp(rule);
          let expected = 'INSUFFICIENT_DATA';
          for (const [index, value] of values.entries()) {
            play(cloudWatch, [value]);
            const range = Array.from({ length: evaluationPeriods + EXTRA_PERIODS }, (_, back) => {
              const seen = values[index - back];
              if (seen === undefined) return 'missing';
              return seen > 50 ? 'breaching' : 'within';
            });
            const decided = decideState(range.toReversed(), rule);
            if (decided !== 'retain') expected = decided;
            expect(stateOf(cloudWatch)).toBe(expected);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('bad definitions are refused with the words of PutMetricAlarm', () => {
  const cases: [string, Partial<AlarmInput>, string][] = [
    ['period', { periodS: 45 }, 'Period must be 10, 20, 30 or a multiple of 60'],
    [
      'datapoints',
      { datapointsToAlarm: 4 },
      'DatapointsToAlarm must be less than or equal to EvaluationPeriods',
    ],
    [
      'reach',
      { periodS: 600, evaluationPeriods: 145 },
      'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= ' +
        '86400) for alarms using period < 3600',
    ],
    [
      'treatment',
      { treatMissingData: 'skip' },
      'Supported values for TreatMissingData are breaching, notBreaching, ignore, and missing.',
    ],
    [
      'threshold',
      { threshold: Number.NaN },
      'PutMetricAlarm request should have valid Threshold parameter',
    ],
    ['action', { alarmActions: ['nonsense'] }, 'Invalid arn syntax: nonsense'],
    ['statistic', { statistic: 'p90' }, 'The value p90 for parameter Statistic is not supported.'],
    [
      'comparison',
      { comparisonOperator: 'Equals' },
      "1 validation error detected: Value 'Equals' at 'comparisonOperator' failed to satisfy " +
        'constraint: Member must satisfy enum value set: [GreaterThanOrEqualToThreshold, ' +
        'GreaterThanThreshold, LessThanThreshold, LessThanOrEqualToThreshold]',
    ],
    [
      'metrics and a metric',
      { metrics: [{ id: 'm1', expression: '1' }] },
      'Scalar metric parameters must not be set if list of Metrics is set.',
    ],
  ];
  it.each(cases)('%s', (_name, input, message) => {
    const cloudWatch = createCloudWatch(START);
    const outcome = putAlarm(cloudWatch, { ...cpuAlarm, ...input }, START);
    expect(outcome).toMatchObject({ ok: false, fault: { code: 'ValidationException', message } });
  });
});

describe('DescribeAlarms', () => {
  it('gives every alarm once, page by page, in the order of names', () => {
    const cloudWatch = createCloudWatch(START);
    const names = Array.from({ length: 25 }, (_, i) => `alarm ${(i * 7) % 25} ü`);
    for (const name of names) putAlarm(cloudWatch, { ...cpuAlarm, name }, START);
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = describeAlarms(cloudWatch, { names: [], recordsMax: 4, nextToken });
      if (!page.ok) throw new Error(page.fault.message);
      seen.push(...page.value.items.map(({ definition }) => definition.name));
      nextToken = page.value.nextToken;
    } while (nextToken !== undefined);
    expect(seen).toEqual(names.toSorted());
  });
});
