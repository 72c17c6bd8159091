// Files aim at 150 lines. Above 300 a file says near its top why it is one file; above 400 (tests:
// 600) it is refused whatever it says.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { judge, runAlone, type Check } from './check.ts';
import { isTestFile, listSourceFiles } from './source-files.ts';

const justifiedAboveLines = 300;
const refusedAboveLines = 400;
const testRefusedAboveLines = 600;
/** How far down the justification may stand. */
const topLines = 12;
const justificationPattern = /^(\/\/|#|\s*\*) size: \S+/;

export const fileSize: Check = {
  name: 'file-size',
  run: (root) => {
    const paths = listSourceFiles(root);
    const findings = paths.flatMap((path) => {
      const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n');
      return judgeLength(path, lines) ?? [];
    });
    return Promise.resolve(judge(paths.length, 'files', findings));
  },
};

function judgeLength(path: string, lines: readonly string[]): string | null {
  const isTest = isTestFile(path);
  const limit = isTest ? testRefusedAboveLines : refusedAboveLines;
  if (lines.length > limit) {
    return `${path}: ${lines.length} lines, refused above ${limit}: split it by what it is about`;
  }
  const isJustified = lines.slice(0, topLines).some((line) => justificationPattern.test(line));
  if (isTest || isJustified || lines.length <= justifiedAboveLines) return null;
  return (
    `${path}: ${lines.length} lines: split it, or say in its first ${topLines} lines ` +
    'why it is one file (`// size: <why>`)'
  );
}

if (import.meta.main) await runAlone(fileSize);
