// Real requests over the loopback interface.

import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { SignalBoard } from './signal-board.ts';
import { bodyBytesMax, openSignalServer, type SignalServer } from './signal-server.ts';

let server: SignalServer;
let board: SignalBoard;
beforeEach(async () => {
  board = new SignalBoard(60_000);
  server = await openSignalServer(0, board, new ManualClock());
});
afterEach(() => server.close());

function signals(): Record<string, number> {
  const found: Record<string, number> = {};
  board.collect(0, (name, value) => {
    found[name] = value;
  });
  return found;
}

function post(body: string, path = '/v1/signals', init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body, ...init });
}

async function refusal(response: Promise<Response>): Promise<string> {
  const { status } = await response;
  const text = await (await response).text();
  return `${status} ${text.trim()}`;
}

test('signals that are posted stand', async () => {
  const response = await post('{"requests":12.5,"queueRatio":0.25}');
  expect(response.status).toBe(204);
  expect(await response.text()).toBe('');
  expect(signals()).toEqual({ requests: 12.5, queueRatio: 0.25 });
});

test.each([
  ['', /^400 .*not JSON/],
  ['{"requests":1', /^400 .*not JSON/],
  ['[1]', /^400 .*not an object/],
  ['5', /^400 .*not an object/],
  ['{"requests":-1}', /^400 .*must not be negative/],
  ['{"good":1,"requests":"5"}', /^400 .*not a finite number/],
  ['{"requests":1e999}', /^400 .*not a finite number/],
  ['{"cpu":0.5}', /^400 .*measured by the agent itself/],
  ['{"__proto__":{"a":1}}', /^400 .*no signal name/],
])('the body %j is refused whole', async (body, answer) => {
  expect(await refusal(post(body))).toMatch(answer);
  expect(signals()).toEqual({});
});

test('another path and another method are refused', async () => {
  expect(await refusal(post('{}', '/v1/other'))).toMatch(/^404/);
  const get = fetch(`http://127.0.0.1:${server.port}/v1/signals`);
  expect(await refusal(get)).toMatch(/^405/);
  expect((await get).headers.get('allow')).toBe('POST');
});

test('a web page cannot post through a browser, nor by a name made to point here', async () => {
  const headers = { origin: 'https://example.org' };
  expect(await refusal(post('{"requests":1}', '/v1/signals', { headers }))).toMatch(/^403/);
  const status = await new Promise((resolve) => {
    const { port } = server;
    const call = request(
      { port, path: '/v1/signals', method: 'POST', headers: { host: `evil.example:${port}` } },
      (response) => resolve(response.statusCode),
    );
    call.end('{"requests":1}');
  });
  expect(status).toBe(403);
  expect(signals()).toEqual({});
});

test('a body above the bound is refused before it has come', async () => {
  const status = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    socket
      .setEncoding('utf8')
      .once('data', (text: string) => resolve(text.split('\r\n', 1)[0] ?? ''));
    socket.once('error', reject);
    socket.write(
      'POST /v1/signals HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n',
    );
    socket.write(Buffer.alloc(bodyBytesMax + 1, 0x20));
  });
  expect(status).toBe('HTTP/1.1 413 Payload Too Large');
});

test('a port that is taken is an error at the start', async () => {
  const again = openSignalServer(server.port, board, new ManualClock());
  await expect(again).rejects.toThrow(/EADDRINUSE/);
});
