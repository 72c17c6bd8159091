// Turns whatever was thrown into the words of one log line.

/** The message of an error; for one that stands for several (each address of a host), theirs. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return [...new Set(error.errors.map(describeError))].join('; ');
  }
  if (error instanceof Error) return oneLine(error.message === '' ? error.name : error.message);
  return oneLine(String(error));
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
