// One line of a terminal that is written over again, for a person who waits for what computes long.

import type { Terminal } from './stack-progress.ts';

/** Shows the line in place of the one before; an empty one leaves nothing behind. */
export type ShowProgress = (line: string) => void;

const columnsDefault = 80;

/** Does `work` while the line says how far it is, and takes the line away whatever comes of that. */
export async function withProgressLine<T>(
  options: { readonly json?: boolean },
  work: (show: ShowProgress) => T | Promise<T>,
): Promise<T> {
  const show = createProgressLine(options);
  try {
    return await work(show);
  } finally {
    show('');
  }
}

/** Shows nothing where nobody looks: where there is no terminal, or where a program reads the JSON. */
export function createProgressLine(
  { json }: { readonly json?: boolean },
  terminal: Terminal = process.stderr,
): ShowProgress {
  if (json === true || terminal.isTTY !== true) return () => undefined;
  return (line) => {
    // A line that wraps could not be written over. A terminal that does not know its width says 0.
    const { columns = 0 } = terminal;
    const width = columns > 0 ? columns : columnsDefault;
    terminal.write(`\r\u001B[K${line.slice(0, width - 1)}`);
  };
}
