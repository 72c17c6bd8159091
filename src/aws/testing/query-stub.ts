// A server that answers AWS Query calls with exactly what a test says, to see how the adapter takes
// refusals, hangs and broken connections. It models nothing: see the local cloud for that.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type StubAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** Reads the request, never answers. */
  | { readonly kind: 'hang' }
  /** Sends the headers and half a body, then nothing more. */
  | { readonly kind: 'stall' }
  /** The same, then closes the connection. */
  | { readonly kind: 'cut-off'; readonly status: number }
  /** Answers with something that is no HTTP. */
  | { readonly kind: 'garbage' }
  /** Reads the request, then resets the connection. */
  | { readonly kind: 'reset' };

export interface QueryStub {
  readonly url: string;
  /** The forms received, oldest first. */
  readonly requests: readonly URLSearchParams[];
  /** The highest number of requests that waited for their answer at once. */
  readonly openMax: () => number;
  /** One answer per request, in order; the last one for all that follow. */
  answerWith(...answers: readonly StubAnswer[]): void;
  /** Answers by what is asked. */
  answerBy(answer: (form: URLSearchParams) => StubAnswer): void;
  /** From now on resets each connection when a request comes, before its body is read. */
  resetConnections(): void;
  close(): Promise<void>;
}

export async function startQueryStub(): Promise<QueryStub> {
  const requests: URLSearchParams[] = [];
  let answer = (_form: URLSearchParams): StubAnswer => ({ kind: 'hang' });
  let open = 0;
  let openMax = 0;
  let isResetting = false;

  const server = createServer((request, response) => {
    if (isResetting) {
      request.socket.resetAndDestroy();
      return;
    }
    open += 1;
    openMax = Math.max(openMax, open);
    response.on('close', () => {
      open -= 1;
    });
    void readForm(request).then((form) => {
      requests.push(form);
      return respond(response, answer(form));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the stub has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    openMax: () => openMax,
    answerWith: (...answers) => {
      let asked = 0;
      answer = () => {
        const next = answers[Math.min(asked, answers.length - 1)];
        asked += 1;
        return next ?? { kind: 'hang' };
      };
    },
    answerBy: (by) => {
      answer = by;
    },
    resetConnections: () => {
      isResetting = true;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** An error as the Query protocol carries it. */
export function queryError(status: number, code: string, message: string): StubAnswer {
  const body =
    '<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error>' +
    `<Type>${status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code>` +
    `<Message>${message}</Message></Error>` +
    '<RequestId>8f3a1c52-0f0e-4c8b-9c8e-2f6d1a7b9e10</RequestId></ErrorResponse>';
  return { kind: 'answer', status, body };
}

/** The answer of an operation; `result` is the inside of its `…Result`. */
export function queryResult(operation: string, result: string): StubAnswer {
  const body =
    `<${operation}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">` +
    (result === '' ? '' : `<${operation}Result>${result}</${operation}Result>`) +
    '<ResponseMetadata><RequestId>8f3a1c52-0f0e-4c8b-9c8e-2f6d1a7b9e10</RequestId>' +
    `</ResponseMetadata></${operation}Response>`;
  return { kind: 'answer', status: 200, body };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function respond(response: ServerResponse, answer: StubAnswer): void {
  const headers = { 'content-type': 'text/xml' };
  switch (answer.kind) {
    case 'answer':
      response.writeHead(answer.status, headers).end(answer.body);
      return;
    case 'hang':
      return;
    case 'stall':
      response.writeHead(200, headers).write('<SetDesiredCapacityResp');
      return;
    case 'cut-off':
      response.writeHead(answer.status, { ...headers, 'content-length': 4_000 });
      response.write('<SetDesiredCapacityResp', () => response.destroy());
      return;
    case 'garbage':
      response.socket?.end('220 mail.example.com ESMTP\r\n');
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
  }
}
