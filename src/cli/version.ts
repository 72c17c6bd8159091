// Foretide's own version, from the package that this file came with.

import { readFileSync } from 'node:fs';

/** The source and the compiled file lie equally deep in the package. */
const packageFile = new URL('../../package.json', import.meta.url);

export function readVersion(): string {
  const parsed: unknown = JSON.parse(readFileSync(packageFile, 'utf8'));
  if (typeof parsed === 'object' && parsed !== null && 'version' in parsed) {
    return String(parsed.version);
  }
  throw new Error(`${packageFile.pathname} has no version`);
}
