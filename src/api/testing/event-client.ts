// Server-sent events as a browser reads them, over a real connection.

import { request, type ClientRequest } from 'node:http';

export interface ReceivedEvent {
  readonly name: string;
  readonly id: string;
  readonly data: unknown;
}

export interface EventClient {
  readonly events: readonly ReceivedEvent[];
  /** Of everything that came. */
  readonly byteCount: number;
  /** The first event from now on, or that came already, of which this holds; fails after 10 s. */
  find(matches: (event: ReceivedEvent) => boolean): Promise<ReceivedEvent>;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  close(): void;
}

const waitMs = 10_000;

export function openEvents(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<EventClient> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = request({ hostname, port, path, headers }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`status ${response.statusCode}`));
        response.resume();
        return;
      }
      const events: ReceivedEvent[] = [];
      const waiting = new Set<() => void>();
      let rest = '';
      let byteCount = 0;
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        byteCount += Buffer.byteLength(chunk);
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        events.push(...blocks.flatMap(parseBlock));
        for (const look of waiting) look();
      });
      response.on('error', () => undefined);
      const ended = new Promise<void>((done) => {
        response.once('close', done);
      });
      resolve({
        events,
        get byteCount() {
          return byteCount;
        },
        find: (matches) => waitFor(() => events.find(matches), waiting),
        ended,
        close: () => asked.destroy(),
      });
    });
    asked.on('error', reject);
    asked.end();
  });
}

function waitFor<T>(find: () => T | undefined, waiting: Set<() => void>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error('no such event came'));
    }, waitMs);
    const look = (): void => {
      const found = find();
      if (found === undefined) return;
      clearTimeout(timer);
      waiting.delete(look);
      resolve(found);
    };
    waiting.add(look);
    look();
  });
}

function parseBlock(block: string): readonly ReceivedEvent[] {
  const fields = new Map(
    block.split('\n').map((line) => {
      const at = line.indexOf(': ');
      return [line.slice(0, at), line.slice(at + 2)];
    }),
  );
  const name = fields.get('event');
  if (name === undefined) return [];
  return [{ name, id: fields.get('id') ?? '', data: JSON.parse(fields.get('data') ?? 'null') }];
}
