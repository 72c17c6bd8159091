// Where things are when nobody says otherwise, and where a controller and the command line meet.

import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInDefaults } from '../config/built-in-defaults.ts';

export const defaultConfigPath = 'foretide.yaml';

/** Of a config without a `store`. */
export const defaultStorePath = builtInDefaults.store.path;

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

export function auditBeside(socketPath: string): string {
  return join(dirname(socketPath), 'audit.jsonl');
}

/** The built page, of the package that this file came with: source and compiled lie equally deep. */
export function findPageFolder(): string {
  return fileURLToPath(new URL('../../dist/dashboard', import.meta.url));
}
