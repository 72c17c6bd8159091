// A request's body, read whole within a bound: what is larger is refused before it is kept.

import type { IncomingMessage } from 'node:http';

/** Larger than any call of AWS's APIs here, which end at 1 MiB (SQS) and 1 MB (CloudWatch). */
export const BODY_MAX_BYTES = 2 * 1024 * 1024;

/** Resolves with the body, or `undefined` once it is known to be too large. */
export function readBody(message: IncomingMessage): Promise<Uint8Array | undefined> {
  const declared = Number(message.headers['content-length'] ?? 0);
  if (declared > BODY_MAX_BYTES) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= BODY_MAX_BYTES) chunks.push(chunk);
      else resolve(undefined);
    });
    message.on('end', () => resolve(Buffer.concat(chunks)));
    message.on('error', reject);
    message.on('close', () => reject(new Error('the request ended early')));
  });
}
