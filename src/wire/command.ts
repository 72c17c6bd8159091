// What the controller may ask of an agent: a closed list. No command runs a program, names a file
// or an address.

import { accept, reject, type Parsed } from './rejection.ts';
import { parseJsonObject, payloadBytesMax } from './report.ts';

/**
 * The payload of `…/command`, as JSON.
 * `drain`: take no new work and say so in the status; the instance is ended when nothing is in hand,
 * and `withinMs` from now (0 … 12 h) at the latest where that is given. `undrain`: the reverse.
 * `set-interval`: report every `intervalMs` (100 … 60,000) until the agent starts anew.
 */
export type Command =
  | { readonly command: 'drain'; readonly withinMs?: number }
  | { readonly command: 'undrain' }
  | { readonly command: 'set-interval'; readonly intervalMs: number };

export const commandIntervalMsMin = 100;
export const commandIntervalMsMax = 60_000;

export const drainWithinMsMax = 43_200_000;

export function parseCommand(text: string): Parsed<Command> {
  if (text.length > payloadBytesMax) return reject('oversized');
  const body = parseJsonObject(text);
  if (body === null) return reject('malformed');
  const command = body['command'];
  if (command === 'undrain') return accept({ command });
  if (command === 'drain') return parseDrain(body['withinMs']);
  if (command !== 'set-interval') return reject('wrong-type');
  const intervalMs = body['intervalMs'];
  if (typeof intervalMs !== 'number') return reject('wrong-type');
  if (!Number.isFinite(intervalMs)) return reject('not-finite');
  if (intervalMs < commandIntervalMsMin || intervalMs > commandIntervalMsMax) {
    return reject('out-of-range');
  }
  return accept({ command, intervalMs });
}

function parseDrain(withinMs: unknown): Parsed<Command> {
  if (withinMs === undefined) return accept({ command: 'drain' });
  if (typeof withinMs !== 'number') return reject('wrong-type');
  if (!Number.isFinite(withinMs)) return reject('not-finite');
  if (withinMs < 0) return reject('negative');
  if (withinMs > drainWithinMsMax) return reject('out-of-range');
  return accept({ command: 'drain', withinMs });
}
