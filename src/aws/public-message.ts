// Makes one line out of a vendor's error message that is safe to log, to publish and to show. Owns
// no meaning: see `errors.ts`.

const lengthMax = 300;

/**
 * What AWS and the SDK may quote back: keys, signatures, session tokens, user:password in an
 * address. Access key ids by AWS's documented prefixes (AKIA long-term, ASIA temporary).
 */
const secretPatterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/\b(AKIA|ASIA)[A-Z0-9]{12,}/g, '$1…'],
  [/\b(Credential|Signature|SignedHeaders|X-Amz-[A-Za-z-]+)=[^\s,&'"]+/gi, '$1=…'],
  [/\b(x-amz-security-token|authorization)\s*:\s*\S+/gi, '$1: …'],
  [/(:\/\/)\S*@/g, '$1…@'],
  // An encoded authorization message, a token: nothing that a person reads.
  [/[A-Za-z0-9+/=_-]{100,}/g, '…'],
];

/** The first line of `message`, without secrets, at most 300 characters. */
export function toPublicMessage(message: string): string {
  const firstLine = message.trim().split(/[\r\n]/, 1)[0] ?? '';
  const redacted = secretPatterns.reduce(
    (text, [pattern, replacement]) => text.replaceAll(pattern, replacement),
    firstLine.replaceAll(/\p{Cc}/gu, ' ').trim(),
  );
  return redacted.length <= lengthMax ? redacted : `${redacted.slice(0, lengthMax - 1)}…`;
}
