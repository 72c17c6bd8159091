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
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** How one file went. */
export type FileResult = z.infer<typeof report>['testResults'][number];

/** A run's files and vitest's exit code; no files where it left no report that can be read. */
export interface TestRun {
  readonly files: readonly FileResult[] | null;
  readonly exitCode: number;
}

/** Reads the report of a run; `text` is null where vitest wrote none. */
export function readRun(text: string | null, exitCode: number): TestRun {
  const parsed = report.safeParse(text === null ? null : parseJson(text));
  return { files: parsed.success ? parsed.data.testResults : null, exitCode };
}

/** The files of a run in which something failed. */
export function failedFiles(run: TestRun): readonly string[] {
  return (run.files ?? []).filter(({ status }) => status === 'failed').map(({ name }) => name);
}

/**
 * The first run with the results of the second in place of those files' own. The second's exit code
 * is the run's; a second run without a report changes nothing.
 */
export function withSecondRun(first: TestRun, second: TestRun): TestRun {
  if (first.files === null || second.files === null) return first;
  const again = new Map(second.files.map((file) => [file.name, file]));
  return {
    files: first.files.map((file) => again.get(file.name) ?? file),
    exitCode: second.exitCode,
  };
}

/**
 * Counts what a run's files say. A file that failed outside of its tests, such as one that could not
 * be loaded, counts as one failure, as does a run that ended badly or ran nothing at all.
 */
export function tallyRun({ files, exitCode }: TestRun): Tally {
  if (files === null) {
    const remark = `vitest ended with code ${exitCode} and left no report that can be read`;
    return { passed: 0, failed: 1, skipped: 0, remarks: [remark] };
  }
  const statuses = files.flatMap((file) => file.assertionResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === 'passed').length;
  const failedTests = statuses.filter((status) => status === 'failed').length;
  const brokenFiles = files
    .filter((file) => file.status === 'failed')
    .filter((file) => file.assertionResults.every((result) => result.status !== 'failed'))
    .map((file) => `${file.name}: failed outside of its tests`);
  const failed = failedTests + brokenFiles.length;
  const runFault = failed === 0 ? findRunFault(passed, exitCode) : null;
  return {
    passed,
    failed: failed + (runFault === null ? 0 : 1),
    skipped: statuses.length - passed - failedTests,
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
