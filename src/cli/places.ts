// Where things are when nobody says otherwise, and where a controller and the command line meet.

import { dirname, join } from 'node:path';

export const defaultConfigPath = 'foretide.yaml';

/** Beside the store that a config without a `store` has. */
const defaultSocket = join('.foretide', 'foretide.sock');

/** `FORETIDE_SOCKET`, or where a controller of this folder has it. */
export function findSocket(): string {
  const named = process.env['FORETIDE_SOCKET'];
  return named === undefined || named === '' ? defaultSocket : named;
}

export function socketBeside(storePath: string): string {
  return join(dirname(storePath), 'foretide.sock');
}
