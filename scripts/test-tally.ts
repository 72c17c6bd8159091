// Counts a test run from vitest's JSON report, so that a run which broke never looks like a run in
// which nothing failed.

import { z } from 'zod';

/** How a run went. A run that broke has at least one failure. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failures that are not a test's own, in words. */
  readonly remarks: readonly string[];
}

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/**
 * Counts what the report says. `text` is null where vitest wrote none. A file that could not be
 * loaded counts as one failure, as does a run that ended badly or ran nothing at all.
 */
export function tallyRun(text: string | null, exitCode: number): Tally {
  const parsed = report.safeParse(text === null ? null : parseJson(text));
  if (!parsed.success) {
    const remark = `vitest ended with code ${exitCode} and left no report that can be read`;
    return { passed: 0, failed: 1, skipped: 0, remarks: [remark] };
  }
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests } = parsed.data;
  const brokenFiles = parsed.data.testResults
    .filter((file) => file.status === 'failed')
    .filter((file) => file.assertionResults.every((result) => result.status !== 'failed'))
    .map((file) => `${file.name}: failed outside of its tests`);
  const failed = numFailedTests + brokenFiles.length;
  const runFault = failed === 0 ? findRunFault(passed, exitCode) : null;
  return {
    passed,
    failed: failed + (runFault === null ? 0 : 1),
    skipped: numPendingTests + numTodoTests,
    remarks: runFault === null ? brokenFiles : [runFault],
  };
}

/** `3 passed, 1 failed`, and what was skipped if anything was. */
export function formatTally({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

function findRunFault(passed: number, exitCode: number): string | null {
  if (exitCode !== 0 && passed > 0) {
    return `no test failed, but vitest ended with code ${exitCode}: an error outside of the tests`;
  }
  return passed === 0 ? 'no test ran' : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
