// An HTTP server on loopback that answers as a test says, and keeps what it was asked.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

export interface AnsweringServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly asked: IncomingMessage[];
  answer: RequestListener;
  close(): Promise<void>;
}

export async function openAnsweringServer(): Promise<AnsweringServer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    opened.answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const opened: AnsweringServer = {
    url: `http://127.0.0.1:${port}`,
    port,
    asked,
    answer: (_, response) => void response.end('{}'),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return opened;
}

/** An answer of that status and body. */
export function answerWith(body: string, status = 200): RequestListener {
  return (_, response) => void response.writeHead(status).end(body);
}
