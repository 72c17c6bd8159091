// Why a message from the network is not used. Each rejection is counted under one of these words,
// in `/metrics` and in `status`; none of them stops anything.

export const rejectionReasons = [
  'oversized',
  'malformed',
  'wrong-type',
  'not-finite',
  'negative',
  'out-of-range',
  'bad-name',
  'too-many-signals',
  'unknown-topic',
  'unknown-group',
  'not-a-member',
  'duplicate',
  'too-old',
  'inbox-full',
] as const;

export type RejectionReason = (typeof rejectionReasons)[number];

/** What reading a payload came to. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: RejectionReason };

export function accept<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function reject(reason: RejectionReason): Parsed<never> {
  return { ok: false, reason };
}
