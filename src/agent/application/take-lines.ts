// Puts `name value` lines on the board, and remembers the first one that could not be.

import type { SignalBoard } from './signal-board.ts';
import { parseSignalLine } from './signal-line.ts';

/** Null when every line was good; else what is wrong with the first that was not. */
export function takeLines(
  lines: readonly string[],
  board: SignalBoard,
  nowMs: number,
): string | null {
  let firstProblem: string | null = null;
  for (const line of lines) {
    const parsed = parseSignalLine(line);
    if (parsed.kind === 'nothing') continue;
    const problem =
      parsed.kind === 'malformed'
        ? `${JSON.stringify(line.slice(0, 64))} is not a "name value" line`
        : board.set(parsed.name, parsed.value, nowMs);
    firstProblem ??= problem;
  }
  return firstProblem;
}
