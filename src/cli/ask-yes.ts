// Asks whoever sits at the terminal for a yes.

import { createInterface } from 'node:readline/promises';

/** Only `y` and `yes` are one: not an empty line, not Ctrl-C, not the end of the input. */
export async function askYes(
  question: string,
  terminal: { readonly input: NodeJS.ReadableStream; readonly output: NodeJS.WritableStream },
): Promise<boolean> {
  const asking = createInterface({ ...terminal, terminal: true });
  const isGivenUp = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    const answered = asking.question(`${question} [y/N] `);
    const answer = await Promise.race([answered, isGivenUp]);
    return /^y(es)?$/iu.test(answer.trim());
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    terminal.output.write('\n');
    return false;
  } finally {
    asking.close();
  }
}
