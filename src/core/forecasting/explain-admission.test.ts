import { expect, it } from 'vitest';
import { explainAdmission } from './explain-admission.ts';
import type { FittedReport } from './report.ts';

const now = 1_767_225_600_000;
const dayMs = 86_400_000;
const arima: FittedReport = {
  name: 'arima',
  phase: 'on-trial',
  since: now - 3 * dayMs,
  gainRatio: 0.0312,
  nextFitAt: null,
  problem: null,
};

function tell(changes: Partial<FittedReport>): string {
  return explainAdmission({ ...arima, ...changes }, now);
}

it('says what became of a fitted expert, by how much, and when it is tried again', () => {
  const later = { nextFitAt: now + 13 * dayMs };
  expect(tell({})).toBe('ARIMA on trial for 3 days, gains 3.1 % so far (5 % are needed)');
  expect(tell({ since: now, gainRatio: null })).toBe(
    'ARIMA on trial for less than 1 h, no gain measured so far (5 % are needed)',
  );
  expect(tell({ name: 'lstm', phase: 'admitted', gainRatio: 0.0721, ...later })).toBe(
    'LSTM admitted, gains 7.2 %',
  );
  expect(tell({ phase: 'refused', gainRatio: -0.004, ...later })).toBe(
    'ARIMA refused, loses 0.4 % (5 % are needed), tried again in 13 days',
  );
  expect(tell({ phase: 'refused', nextFitAt: now - 1 })).toMatch(/, tried again soon$/);
});

it('says why a fit came to nothing, in every state', () => {
  const failed = { problem: 'took-too-long', nextFitAt: now + dayMs };
  expect(tell({ ...failed, phase: 'untried', since: null, gainRatio: null })).toBe(
    'ARIMA not tried yet; its last fit failed: it took too long, tried again in 24 h',
  );
  expect(tell({ ...failed, phase: 'refused' })).toBe(
    'ARIMA refused, gains 3.1 % (5 % are needed); its last fit failed: it took too long, tried again in 24 h',
  );
});
