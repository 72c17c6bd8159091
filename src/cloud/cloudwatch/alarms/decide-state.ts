// From data points to an alarm's state: M out of N with missing data, as "Configuring how
// CloudWatch alarms treat missing data" (CloudWatch User Guide) describes it. Pure.

import type { AlarmState, MissingDataTreatment } from './alarm.ts';

export type DatapointVerdict = 'breaching' | 'within' | 'missing';

export interface StateRule {
  /** N. */
  readonly evaluationPeriods: number;
  /** M, at most N. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingDataTreatment;
}

/** How many periods more than N are retrieved, in case some of the last N are missing. */
export const EXTRA_PERIODS = 2;

/**
 * The state that follows from the verdicts, oldest first; `retain` leaves the state as it is. The
 * verdicts span the evaluation range: N periods and `EXTRA_PERIODS` older ones.
 *
 * The newest N real data points decide if there are that many. Otherwise all real ones count and
 * the treatment of missing data fills up to N. Without treatment, an alarm that has only breaching
 * points goes to ALARM if the oldest of them is at least M periods old; a younger one may be
 * followed by a good one, so until then there is not enough data.
 */
export function decideState(
  verdicts: readonly DatapointVerdict[],
  rule: StateRule,
): AlarmState | 'retain' {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const real = verdicts.filter((verdict) => verdict !== 'missing').slice(-evaluationPeriods);
  const breachingCount = real.filter((verdict) => verdict === 'breaching').length;
  const missingCount = evaluationPeriods - real.length;
  if (breachingCount >= datapointsToAlarm) return 'ALARM';
  if (missingCount === 0) return 'OK';
  switch (treatMissingData) {
    case 'breaching':
      return breachingCount + missingCount >= datapointsToAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return breachingCount === real.length ? 'retain' : 'OK';
    case 'missing': {
      if (breachingCount < real.length) return 'OK';
      const oldest = verdicts.indexOf('breaching');
      const agePeriods = oldest < 0 ? 0 : verdicts.length - oldest;
      return agePeriods >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
    }
  }
}
