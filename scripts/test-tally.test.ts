import { describe, expect, it } from 'vitest';

import { failedFiles, formatTally, readRun, tallyRun, withSecondRun } from './test-tally.ts';

function file(name: string, status: string, ...tests: readonly string[]): object {
  return { name, status, assertionResults: tests.map((result) => ({ status: result })) };
}

function run(exitCode: number, ...files: readonly object[]) {
  return readRun(JSON.stringify({ testResults: files }), exitCode);
}

describe('tallyRun', () => {
  it('counts what passed, failed and was skipped', () => {
    const tally = tallyRun(
      run(
        1,
        file('a.test.ts', 'failed', 'passed', 'failed', 'skipped'),
        file('b.test.ts', 'failed', 'passed', 'failed', 'passed', 'todo'),
      ),
    );
    expect(tally).toEqual({ passed: 3, failed: 2, skipped: 2, remarks: [] });
  });

  it('counts a file that could not be loaded as a failure', () => {
    const tally = tallyRun(
      run(1, file('a.test.ts', 'failed'), file('b.test.ts', 'failed', 'passed', 'failed')),
    );
    expect(tally).toMatchObject({
      failed: 2,
      remarks: ['a.test.ts: failed outside of its tests'],
    });
  });

  it('fails a run that ended badly though no test failed', () => {
    const tally = tallyRun(run(1, file('a.test.ts', 'passed', 'passed', 'passed')));
    expect(tally).toMatchObject({ passed: 2, failed: 1 });
    expect(tally.remarks[0]).toContain('an error outside of the tests');
  });

  it.each([0, 1])('fails a run of no test that ended with code %i', (exitCode) => {
    expect(tallyRun(run(exitCode, file('a.test.ts', 'passed', 'skipped', 'skipped')))).toEqual({
      passed: 0,
      failed: 1,
      skipped: 2,
      remarks: ['no test ran'],
    });
  });

  it.each([null, '', '{"testRes', '{}'])('fails a run whose report is %j', (text) => {
    expect(tallyRun(readRun(text, 0))).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
  });
});

describe('a second run of what failed', () => {
  const first = run(
    1,
    file('a.test.ts', 'passed', 'passed'),
    file('b.test.ts', 'failed', 'passed', 'failed'),
    file('c.test.ts', 'failed', 'skipped', 'skipped'),
  );

  it('is of the files in which something failed', () => {
    expect(failedFiles(first)).toEqual(['b.test.ts', 'c.test.ts']);
  });

  it('takes the place of those files and of no other', () => {
    const second = run(
      1,
      file('b.test.ts', 'passed', 'passed', 'passed'),
      file('c.test.ts', 'failed', 'failed', 'passed'),
    );
    expect(tallyRun(withSecondRun(first, second))).toMatchObject({ passed: 4, failed: 1 });
  });

  it('changes nothing where it left no report', () => {
    expect(withSecondRun(first, readRun(null, 1))).toBe(first);
  });
});

describe('formatTally', () => {
  it('speaks of skipped tests only where there are any', () => {
    const tally = { passed: 3, failed: 0, skipped: 0, remarks: [] };
    expect(formatTally(tally)).toBe('3 passed, 0 failed');
    expect(formatTally({ ...tally, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped');
  });
});
