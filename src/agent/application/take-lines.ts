// Puts `name value` and `work …` lines on the boards, and remembers the first one that could not be.

import type { Boards } from './boards.ts';
import { parseSignalLine, type SignalLine } from './signal-line.ts';

/** Without a board for work, lines about it are a mistake. */
export interface LineBoards {
  readonly signals: Boards['signals'];
  readonly work: Boards['work'] | null;
}

/** Null when every line was good; else what is wrong with the first that was not. */
export function takeLines(
  lines: readonly string[],
  boards: LineBoards,
  nowMs: number,
): string | null {
  let firstProblem: string | null = null;
  for (const line of lines) {
    const parsed = parseSignalLine(line);
    if (parsed.kind === 'nothing') continue;
    const problem = takeLine(line, parsed, boards, nowMs);
    firstProblem ??= problem;
  }
  return firstProblem;
}

function takeLine(
  line: string,
  parsed: Exclude<SignalLine, { kind: 'nothing' }>,
  { signals, work }: LineBoards,
  nowMs: number,
): string | null {
  switch (parsed.kind) {
    case 'signal':
      return signals.set(parsed.name, parsed.value, nowMs);
    case 'work':
      if (work === null) return 'work lines are for a command: a file is read anew as a whole';
      return work.take({ finished: [parsed.work] }, nowMs);
    case 'malformed':
      return `${JSON.stringify(line.slice(0, 64))} is not a "${formOf(line)}" line`;
    default:
      return parsed satisfies never;
  }
}

function formOf(line: string): string {
  return line.trimStart().startsWith('work ') ? 'work CLASS MILLISECONDS OUTCOME' : 'name value';
}
