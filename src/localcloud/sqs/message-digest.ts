// The MD5 digests by which clients check that SQS got and gave what they think ("Calculating the
// MD5 message digest for message attributes", SQS Developer Guide).

import { createHash } from 'node:crypto';
import type { MessageAttribute } from '../../cloud/sqs/message.ts';

/** Of the UTF-8 bytes of a message body, in hex. */
export function digestBody(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/** SHA-256 of the body in hex: what stands in for a deduplication id. */
export function digestContent(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

const TEXT_TRANSPORT = 1;
const BINARY_TRANSPORT = 2;

/** `undefined` when there are no attributes. */
export function digestAttributes(
  attributes: ReadonlyMap<string, MessageAttribute>,
): string | undefined {
  if (attributes.size === 0) return undefined;
  const hash = createHash('md5');
  const sorted = [...attributes].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, { dataType, stringValue, binaryValue = '' }] of sorted) {
    hash.update(withLength(Buffer.from(name)));
    hash.update(withLength(Buffer.from(dataType)));
    const isText = stringValue !== undefined;
    hash.update(Buffer.of(isText ? TEXT_TRANSPORT : BINARY_TRANSPORT));
    hash.update(withLength(isText ? Buffer.from(stringValue) : Buffer.from(binaryValue, 'base64')));
  }
  return hash.digest('hex');
}

function withLength(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.byteLength);
  return Buffer.concat([length, bytes]);
}
