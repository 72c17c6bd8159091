import { describe, expect, it } from 'vitest';

import { formatTally, tallyRun } from './test-tally.ts';

interface Counts {
  readonly passed?: number;
  readonly failed?: number;
  readonly pending?: number;
  readonly todo?: number;
}

function report(counts: Counts, files: readonly object[] = []): string {
  return JSON.stringify({
    numPassedTests: counts.passed ?? 0,
    numFailedTests: counts.failed ?? 0,
    numPendingTests: counts.pending ?? 0,
    numTodoTests: counts.todo ?? 0,
    testResults: files,
  });
}

describe('tallyRun', () => {
  it('counts what passed, failed and was skipped', () => {
    const text = report({ passed: 3, failed: 2, pending: 1, todo: 1 });
    expect(tallyRun(text, 1)).toEqual({ passed: 3, failed: 2, skipped: 2, remarks: [] });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const files = [
      { name: 'a.test.ts', status: 'failed', assertionResults: [] },
      { name: 'b.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }] },
    ];
    expect(tallyRun(report({ passed: 1, failed: 1 }, files), 1)).toMatchObject({
      failed: 2,
      remarks: ['a.test.ts: failed outside of its tests'],
    });
  });

  it('fails a run that ended badly though no test failed', () => {
    const tally = tallyRun(report({ passed: 2 }), 1);
    expect(tally).toMatchObject({ passed: 2, failed: 1 });
    expect(tally.remarks[0]).toContain('an error outside of the tests');
  });

  it.each([0, 1])('fails a run of no test that ended with code %i', (exitCode) => {
    expect(tallyRun(report({ pending: 4 }), exitCode)).toEqual({
      passed: 0,
      failed: 1,
      skipped: 4,
      remarks: ['no test ran'],
    });
  });

  it.each([null, '', '{"numPassed', '{}'])('fails a run whose report is %j', (text) => {
    expect(tallyRun(text, 0)).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('formatTally', () => {
  it('speaks of skipped tests only where there are any', () => {
    const tally = { passed: 3, failed: 0, skipped: 0, remarks: [] };
    expect(formatTally(tally)).toBe('3 passed, 0 failed');
    expect(formatTally({ ...tally, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped');
  });
});
