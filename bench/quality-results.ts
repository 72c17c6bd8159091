// The file that a run of the protocol goes on from: a line for its settings, then one for each result.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { QualityResult, Settings } from './quality-plan.ts';
import { refuseOption } from './options.ts';

export interface ResultFile {
  readonly results: Map<string, QualityResult>;
  readonly add: (result: QualityResult) => void;
}

/** Opens or begins it. One that was made with other settings ends the program with one line. */
export function openResults(path: string, settings: Settings, isFresh: boolean): ResultFile {
  const head = JSON.stringify(settings);
  const results = new Map<string, QualityResult>();
  if (isFresh || !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${head}\n`);
  } else {
    const [found = '', ...lines] = readFileSync(path, 'utf8').split('\n');
    if (found !== head) {
      refuseOption(`${path} was made with ${found}; allowed: those settings, or --fresh`);
    }
    for (const [index, line] of lines.entries()) {
      const result = readLine(line);
      if (result !== null) results.set(result.key, result);
      // Only the last line may be cut short, by whatever ended the run.
      else if (index < lines.length - 1) {
        refuseOption(`${path}:${index + 2} is no result; allowed: --fresh`);
      }
    }
    // A cut line must not run into the next result.
    if (lines.at(-1) !== '') writeFileSync(path, formatAll(head, results));
  }
  return {
    results,
    add: (result) => {
      results.set(result.key, result);
      appendFileSync(path, `${JSON.stringify(result)}\n`);
    },
  };
}

function formatAll(head: string, results: ReadonlyMap<string, QualityResult>): string {
  return `${[head, ...[...results.values()].map((one) => JSON.stringify(one))].join('\n')}\n`;
}

function readLine(line: string): QualityResult | null {
  try {
    // Written by this file, under a head that names the same settings.
    return JSON.parse(line) as QualityResult;
  } catch {
    return null;
  }
}
