// What the controller may ask of an agent: a closed list. No command runs a program, names a file
// or an address.

import { accept, reject, type Parsed } from './rejection.ts';
import { parseJsonObject, payloadBytesMax } from './report.ts';

/**
 * The payload of `…/command`, as JSON.
 * `drain`: take no new work and say so in the status. `undrain`: the reverse.
 * `set-interval`: report every `intervalMs` (100 … 60,000) until the agent starts anew.
 */
export type Command =
  | { readonly command: 'drain' }
  | { readonly command: 'undrain' }
  | { readonly command: 'set-interval'; readonly intervalMs: number };

export const commandIntervalMsMin = 100;
export const commandIntervalMsMax = 60_000;

export function parseCommand(text: string): Parsed<Command> {
  if (text.length > payloadBytesMax) return reject('oversized');
  const body = parseJsonObject(text);
  if (body === null) return reject('malformed');
  const command = body['command'];
  if (command === 'drain' || command === 'undrain') return accept({ command });
  if (command !== 'set-interval') return reject('wrong-type');
  const intervalMs = body['intervalMs'];
  if (typeof intervalMs !== 'number') return reject('wrong-type');
  if (!Number.isFinite(intervalMs)) return reject('not-finite');
  if (intervalMs < commandIntervalMsMin || intervalMs > commandIntervalMsMax) {
    return reject('out-of-range');
  }
  return accept({ command, intervalMs });
}
