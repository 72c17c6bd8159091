// What went wrong with a call of AWS, in one line without anything secret; and whether another try may
// go better.

/** The service's own name for it and its message; of anything else its message. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const text = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return text.replaceAll(/\s+/gu, ' ').trim();
}

/** What the caller did wrong stays wrong; denied rights and ended credentials can be mended. */
const hopeless = /^(?:Validation|InvalidParameter|MissingParameter|SerializationException)/u;

export function isRetryable(error: unknown): boolean {
  return !(error instanceof Error) || !hopeless.test(error.name);
}
