// A controller's word that it runs a group, retained on the broker, so that a second controller on
// the same broker keeps off. It stands for `durationMs` from its arrival unless it is renewed.

import { accept, reject, type Parsed } from './rejection.ts';
import { parseJsonObject, payloadBytesMax } from './report.ts';

export interface Claim {
  /** A name that a person can find the controller by: host, process. */
  readonly controller: string;
  /** When that controller started, epoch milliseconds: the elder of two keeps the group. */
  readonly since: number;
  readonly durationMs: number;
}

const controllerLengthMax = 256;
const durationMsMax = 600_000;

export function encodeClaim(claim: Claim): string {
  return JSON.stringify(claim);
}

/** Reads a payload from the network. An empty one gives the group up: it stands for no time. */
export function parseClaim(text: string): Parsed<Claim> {
  if (text === '') return accept({ controller: '', since: 0, durationMs: 0 });
  if (text.length > payloadBytesMax) return reject('oversized');
  const body = parseJsonObject(text);
  if (body === null) return reject('malformed');
  const { controller, since, durationMs } = body;
  if (typeof controller !== 'string' || typeof since !== 'number') return reject('wrong-type');
  if (typeof durationMs !== 'number') return reject('wrong-type');
  if (!Number.isFinite(since) || !Number.isFinite(durationMs)) return reject('not-finite');
  if (since < 0 || durationMs < 0) return reject('negative');
  const isTooLong = controller.length > controllerLengthMax || durationMs > durationMsMax;
  return isTooLong ? reject('out-of-range') : accept({ controller, since, durationMs });
}
