// What came of acting on a decision.

export type RefusalCode = 'throttled' | 'in-progress' | 'out-of-bounds' | 'denied' | 'failed';

export type Actuation =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  /** The call timed out: it may have happened. Described again before anything else is done. */
  | { readonly kind: 'unknown'; readonly message: string };
