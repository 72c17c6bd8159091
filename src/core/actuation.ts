// What came of acting on a decision.

export type RefusalCode = 'throttled' | 'in-progress' | 'out-of-bounds' | 'denied' | 'failed';

/** What became of one call. */
export type CallOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  /** The call timed out: it may have happened. Described again before anything else is done. */
  | { readonly kind: 'unknown'; readonly message: string };

export interface CancelledLaunch {
  readonly instance: string;
  readonly outcome: CallOutcome;
}

export type Actuation =
  | CallOutcome
  /** Launches that were to be cancelled, one call for each, in the order of the decision. */
  | { readonly kind: 'cancelled'; readonly launches: readonly CancelledLaunch[] };
