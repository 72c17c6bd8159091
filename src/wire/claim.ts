// What a controller says, retained, on `…/controller` while it holds a group: so that another one,
// on another machine, sees that the group is taken. It takes nothing: holding is the store's part.

import type { EpochMs } from '../core/time.ts';
import { accept, reject, type Parsed } from './rejection.ts';
import { parseJsonObject, payloadBytesMax } from './report.ts';

/** The payload of `…/controller`, as JSON, retained. */
export interface GroupClaim {
  /** A name that a person can find the controller by. */
  readonly controller: string;
  /** When it started, by its own clock: the elder of two keeps the group. */
  readonly since: EpochMs;
  /** The claim is void unless said anew within this time, should the last will not arrive. */
  readonly durationMs: number;
}

const textLengthMax = 255;
const durationMsMax = 3_600_000;

export function encodeClaim(claim: GroupClaim): string {
  return JSON.stringify(claim);
}

/** Null: the group was given up (an empty payload, as the last will or a clean stop leaves). */
export function parseClaim(text: string): Parsed<GroupClaim | null> {
  if (text === '') return accept(null);
  if (text.length > payloadBytesMax) return reject('oversized');
  const body = parseJsonObject(text);
  if (body === null) return reject('malformed');
  const { controller, since, durationMs } = body;
  if (typeof controller !== 'string' || typeof since !== 'number') return reject('wrong-type');
  if (typeof durationMs !== 'number') return reject('wrong-type');
  if (controller === '' || controller.length > textLengthMax) return reject('out-of-range');
  if (durationMs > durationMsMax) return reject('out-of-range');
  for (const quantity of [since, durationMs]) {
    if (!Number.isFinite(quantity)) return reject('not-finite');
    if (quantity < 0) return reject('negative');
  }
  return accept({ controller, since, durationMs });
}
