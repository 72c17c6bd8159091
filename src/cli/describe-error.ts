// What was thrown, in the words that follow "cannot be read: " in a line.

import { getSystemErrorMessage } from 'node:util';

/** The system's own word where it refused a file or a socket, without the code and the path again. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errno } = error as NodeJS.ErrnoException;
  const isSystems = errno !== undefined && Number.isInteger(errno) && 'syscall' in error;
  return isSystems ? getSystemErrorMessage(errno) : error.message;
}
