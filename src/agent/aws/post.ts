// Sends one signed request and takes the whole answer. The HTTP module is loaded with the first call.

import type { ClientRequest, IncomingMessage } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly text: string;
}

const callLimitMs = 10_000;
const answerBytesMax = 64 * 1024;

/** Rejects where there is no answer within ten seconds. */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Reply> {
  const { request } = await import(url.protocol === 'http:' ? 'node:http' : 'node:https');
  return new Promise((resolve, reject) => {
    const call: ClientRequest = request(
      url,
      { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          if (text.length < answerBytesMax) text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', reject);
      },
    );
    const timeout = setTimeout(() => {
      call.destroy(new Error(`no answer within ${callLimitMs / 1000} s`));
    }, callLimitMs);
    call.on('close', () => clearTimeout(timeout));
    call.on('error', reject);
    call.end(body);
  });
}
