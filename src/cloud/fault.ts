// The one shape in which the cloud model refuses something: AWS's own code, words and HTTP status.

/** A refusal as AWS states it. Every operation of the model returns one instead of throwing. */
export interface Fault {
  /** AWS's wire code, for example `ValidationError`. */
  readonly code: string;
  /** AWS's sentence, word for word where it is known. */
  readonly message: string;
  /** The HTTP status that goes with the code. */
  readonly status: number;
  /**
   * The code of the older Query protocol, where it differs from `code`: SQS sends it in the
   * `x-amzn-query-error` header.
   */
  readonly queryCode?: string;
}

/** What an operation came to. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault };

export function succeed<T>(value: T): Outcome<T> {
  return { ok: true, value };
}

export function refuse(code: string, message: string, status = 400): Outcome<never> {
  return { ok: false, fault: { code, message, status } };
}
