// How far a long benchmark is: a bar where there is a terminal, else a plain line now and then.

const barWidth = 30;
const plainEveryMs = 10_000;

export interface Progress {
  /** One more is done. */
  readonly advance: (what: string) => void;
  /** Clears the bar. */
  readonly finish: () => void;
}

export function startProgress(total: number, done: number): Progress {
  const isTerminal = process.stderr.isTTY;
  const startedAt = performance.now();
  let count = done;
  let saidAt = startedAt;
  const describe = (what: string): string => {
    const elapsedMs = performance.now() - startedAt;
    const left = ((total - count) * elapsedMs) / Math.max(1, count - done) / 60_000;
    return `${count}/${total}, about ${left.toFixed(1)} min left, ${what}`;
  };
  return {
    advance: (what) => {
      count += 1;
      const now = performance.now();
      if (isTerminal) {
        const filled = Math.round((barWidth * count) / total);
        const bar = '█'.repeat(filled) + '·'.repeat(barWidth - filled);
        process.stderr.write(`\r\u001B[K${bar} ${describe(what)}`);
      } else if (now - saidAt >= plainEveryMs) {
        saidAt = now;
        process.stderr.write(`${describe(what)}\n`);
      }
    },
    finish: () => {
      if (isTerminal) process.stderr.write('\r\u001B[K');
    },
  };
}
