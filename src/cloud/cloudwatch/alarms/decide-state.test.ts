// The M-of-N rule: the tables of the CloudWatch User Guide row by row, and every case there is for
// small N against a second, naive reading of the prose.

import { describe, expect, it } from 'vitest';
import type { AlarmState, MissingDataTreatment } from './alarm.ts';
import { MISSING_DATA_TREATMENTS } from './alarm.ts';
import { decideState, EXTRA_PERIODS } from './decide-state.ts';
import type { DatapointVerdict } from './decide-state.ts';

const SIGNS: Readonly<Record<string, DatapointVerdict>> = {
  X: 'breaching',
  '0': 'within',
  '-': 'missing',
};

function verdictsOf(row: string): DatapointVerdict[] {
  return row.split(' ').map((sign) => SIGNS[sign] ?? 'missing');
}

type Expected = readonly [string, string, string, string];

function decideAll(row: string, datapointsToAlarm: number): readonly string[] {
  const order: readonly MissingDataTreatment[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
  return order.map((treatMissingData) =>
    decideState(verdictsOf(row), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }),
  );
}

describe('the tables of "How alarm state is evaluated when data is missing"', () => {
  // Columns: missing, ignore, breaching, notBreaching.
  it.each<[string, Expected]>([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'retain', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'retain', 'ALARM', 'OK']],
  ])('3 out of 3: %s', (row, expected) => {
    expect(decideAll(row, 3)).toEqual(expected);
  });

  it.each<[string, Expected]>([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', 'retain', 'ALARM', 'OK']],
  ])('2 out of 3: %s', (row, expected) => {
    expect(decideAll(row, 2)).toEqual(expected);
  });

  // "Avoiding premature transitions to alarm state"; the state is that of the guide of 2020, whose
  // table has the first row.
  it.each(['- - - - X', '- - - X -'])('3 out of 3: %s does not go to ALARM at once', (row) => {
    expect(decideAll(row, 3)[0]).toBe('INSUFFICIENT_DATA');
  });
});

/** Says of each filling of the missing points what follows, and joins the answers. */
function naive(verdicts: readonly DatapointVerdict[], rule: Parameters<typeof decideState>[1]) {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const newestFirst = verdicts.toReversed();
  const evaluated: DatapointVerdict[] = [];
  for (const verdict of newestFirst) {
    if (verdict !== 'missing' && evaluated.length < evaluationPeriods) evaluated.push(verdict);
  }
  const fill: DatapointVerdict =
    treatMissingData === 'breaching'
      ? 'breaching'
      : treatMissingData === 'notBreaching'
        ? 'within'
        : 'missing';
  while (evaluated.length < evaluationPeriods) evaluated.push(fill);
  const count = (wanted: DatapointVerdict) => evaluated.filter((v) => v === wanted).length;
  if (count('breaching') >= datapointsToAlarm) return 'ALARM' satisfies AlarmState;
  if (count('missing') === 0 || count('within') > 0) return 'OK' satisfies AlarmState;
  if (treatMissingData === 'ignore') return 'retain';
  const age = newestFirst.lastIndexOf('breaching') + 1;
  return age >= datapointsToAlarm && age > 0 ? 'ALARM' : 'INSUFFICIENT_DATA';
}

function* everyRow(length: number): Generator<DatapointVerdict[]> {
  const kinds: readonly DatapointVerdict[] = ['breaching', 'within', 'missing'];
  for (let code = 0; code < 3 ** length; code += 1) {
    yield Array.from(
      { length },
      (_, place) => kinds[Math.floor(code / 3 ** place) % 3] ?? 'missing',
    );
  }
}

describe('every row of verdicts for N up to 4', () => {
  it('gives what the prose says', () => {
    let rows = 0;
    for (let evaluationPeriods = 1; evaluationPeriods <= 4; evaluationPeriods += 1) {
      for (const verdicts of everyRow(evaluationPeriods + EXTRA_PERIODS)) {
        for (let datapoints = 1; datapoints <= evaluationPeriods; datapoints += 1) {
          for (const treatMissingData of MISSING_DATA_TREATMENTS) {
            const rule = { evaluationPeriods, datapointsToAlarm: datapoints, treatMissingData };
            expect(decideState(verdicts, rule)).toBe(naive(verdicts, rule));
            rows += 1;
          }
        }
      }
    }
    expect(rows).toBe(4 * (27 + 2 * 81 + 3 * 243 + 4 * 729));
  });
});
