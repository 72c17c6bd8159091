// What every check is: a name, and a verdict on the repository at some root. How a check prints
// itself when it is run alone. What the checks demand is in their own files.

import { fileURLToPath } from 'node:url';

/** What a check came to. */
export interface Verdict {
  readonly passed: boolean;
  /** What was read, in a few words: `57 files`. */
  readonly summary: string;
  /** One line per finding: where, what, and what to do instead. */
  readonly findings: readonly string[];
}

export interface Check {
  readonly name: string;
  /** Judges the repository whose files lie under `root`. */
  readonly run: (root: string) => Promise<Verdict>;
}

/** The root of the repository that this file is part of. */
export const repositoryRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * The verdict on `readCount` files (or modules) with these findings. Nothing read is a failure: a
 * check that looks in the wrong place must not look like a check that is content.
 */
export function judge(readCount: number, unit: string, findings: readonly string[]): Verdict {
  const nothingRead = readCount === 0 ? [`0 ${unit} were read: is this the right folder?`] : [];
  const all = [...nothingRead, ...findings];
  return { passed: all.length === 0, summary: `${readCount} ${unit}`, findings: all };
}

/** Runs one check on this repository, prints its findings and a last line, sets the exit code. */
export async function runAlone(check: Check): Promise<void> {
  const verdict = await check.run(repositoryRoot);
  for (const finding of verdict.findings) console.log(finding);
  console.log(`${check.name}: ${describeVerdict(verdict)}`);
  process.exitCode = verdict.passed ? 0 : 1;
}

/** `ok, 57 files` or `FAILED, 57 files, 2 findings`. */
function describeVerdict(verdict: Verdict): string {
  if (verdict.passed) return `ok, ${verdict.summary}`;
  const count = verdict.findings.length;
  return `FAILED, ${verdict.summary}, ${count} ${count === 1 ? 'finding' : 'findings'}`;
}
