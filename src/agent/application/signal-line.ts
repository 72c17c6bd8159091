// Lines of the form `name value`, as commands and files give them, and of the form
// `work CLASS MILLISECONDS OUTCOME [AGE]`, as the log of a queue worker can. Pure.

export type SignalLine =
  | { readonly kind: 'signal'; readonly name: string; readonly value: number }
  | { readonly kind: 'work'; readonly work: unknown }
  /** Empty, or a comment that begins with `#`. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'malformed' };

export const lineBytesMax = 256;

const numberPattern = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Whether a name and a value are allowed is the board's to say. */
export function parseSignalLine(line: string): SignalLine {
  const trimmed = line.trim();
  if (trimmed === '' || trimmed.startsWith('#')) return { kind: 'nothing' };
  const words = trimmed.split(/\s+/);
  const [name, value, ...others] = words;
  if (name === 'work' && (words.length === 4 || words.length === 5)) return parseWorkLine(words);
  if (name === undefined || value === undefined || others.length > 0) return { kind: 'malformed' };
  if (!numberPattern.test(value)) return { kind: 'malformed' };
  return { kind: 'signal', name, value: Number(value) };
}

/** What it says is judged by the wire's own reader. */
function parseWorkLine([, workClass, duration = '', outcome, age]: readonly string[]): SignalLine {
  if (!numberPattern.test(duration)) return { kind: 'malformed' };
  const work = { class: workClass, durationMs: Number(duration), outcome };
  if (age === undefined) return { kind: 'work', work };
  if (!numberPattern.test(age)) return { kind: 'malformed' };
  return { kind: 'work', work: { ...work, ageMs: Number(age) } };
}

/** Cuts a stream into lines. A line above the bound is left out, and nothing of it is held. */
export class LineSplitter {
  #rest = '';
  #isSkipping = false;

  /** The lines that end in the chunk, and how many were too long. */
  split(chunk: string): { readonly lines: readonly string[]; readonly tooLong: number } {
    const pieces = chunk.split('\n');
    const lines: string[] = [];
    let tooLong = 0;
    pieces.forEach((piece, index) => {
      const isEnd = index < pieces.length - 1;
      if (!this.#isSkipping) this.#rest += piece;
      if (!this.#isSkipping && this.#rest.length > lineBytesMax) {
        this.#isSkipping = true;
        this.#rest = '';
        tooLong += 1;
      }
      if (!isEnd) return;
      if (!this.#isSkipping) lines.push(this.#rest);
      this.#isSkipping = false;
      this.#rest = '';
    });
    return { lines, tooLong };
  }
}
