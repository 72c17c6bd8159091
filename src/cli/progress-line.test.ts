import { describe, expect, it } from 'vitest';

import { createProgressLine } from './progress-line.ts';

function makeTerminal(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 12, written, write: (text: string) => written.push(text) };
}

describe('the line that says how far a command is', () => {
  it('is written over again, and is never longer than the terminal is wide', () => {
    const terminal = makeTerminal(true);
    const show = createProgressLine({}, terminal);
    show('1 of 2');
    show('2 of 2 and a long name');
    show('');
    expect(terminal.written).toEqual(['\r\u001B[K1 of 2', '\r\u001B[K2 of 2 and ', '\r\u001B[K']);
  });

  it.each([
    ['there is no terminal', false, {}],
    ['JSON is asked for', true, { json: true }],
  ])('is not there where %s', (_why, isTTY, options) => {
    const terminal = makeTerminal(isTTY);
    createProgressLine(options, terminal)('1 of 2');
    expect(terminal.written).toEqual([]);
  });
});
