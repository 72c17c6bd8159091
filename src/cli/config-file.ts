// Reads `foretide.yaml` and the files that it names.

import { readFileSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { formatConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import { describeError } from './describe-error.ts';
import { StartError } from './start-error.ts';

/** Every mistake is a line of the error's message. */
export function readConfigFile(path: string): Config {
  return readConfigText(path).config;
}

/** The same, and the text as it was read. */
export function readConfigText(path: string): { readonly text: string; readonly config: Config } {
  const text = readText(path);
  const outcome = loadConfig(text, path);
  if (!outcome.ok) throw new StartError(outcome.errors.map(formatConfigError).join('\n'), 2);
  return { text, config: outcome.config };
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${describeError(error)}`, 2);
  }
}
