// Options of the benchmarks: a bad one ends the program with one line.

/** A number above 0, or the end of the program. */
export function positiveOption(name: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  return refuseOption(`--${name} is '${text}'; allowed is a number above 0`);
}

/** Prints the line and ends the program. */
export function refuseOption(line: string): never {
  console.error(line);
  process.exit(2);
}
