// Real requests over the loopback interface.

import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { createBoards, type Boards } from './boards.ts';
import { bodyBytesMax, openSignalServer, type SignalServer } from './signal-server.ts';

let server: SignalServer;
let boards: Boards;
beforeEach(async () => {
  boards = createBoards(60_000);
  server = await openSignalServer(0, boards, new ManualClock());
});
afterEach(() => server.close());

function signals(): Record<string, number> {
  const found: Record<string, number> = {};
  boards.signals.collect(0, (name, value) => {
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

function postWork(body: unknown): Promise<Response> {
  return post(JSON.stringify(body), '/v1/work');
}

test('work that is posted stands: what is in all hands, and once what was finished', async () => {
  const finished = [
    { class: 'resize', durationMs: 25_310.5, group: 'a1' },
    { durationMs: 4, outcome: 'failed' },
  ];
  expect((await postWork({ worker: 'a', inHand: 2, finished })).status).toBe(200);
  expect((await postWork({ worker: 'b', inHand: 1 })).status).toBe(200);
  expect((await postWork({ worker: 'b', inHand: 3, omitted: 5 })).status).toBe(200);
  const inHand: number[] = [];
  boards.work.collect(0, (_, count) => inHand.push(count));
  expect(inHand).toEqual([5]);
  expect(JSON.parse(boards.work.takeJson() ?? '')).toEqual({
    finished: [
      { class: 'resize', durationMs: 25_310.5, outcome: 'done', group: 'a1' },
      { class: 'default', durationMs: 4, outcome: 'failed' },
    ],
    omitted: 5,
  });
  expect(boards.work.takeJson()).toBeNull();
});

test.each([
  [{ inHand: -1 }, /^400 .*whole number from 0/],
  [{ inHand: 1.5 }, /^400 .*whole number from 0/],
  [{ worker: '', inHand: 1 }, /^400 .*1 to 64 characters/],
  [{ finished: [{ durationMs: 0 }] }, /^400 .*out-of-range.*above 0/],
  [{ finished: [{ durationMs: -3 }] }, /^400 .*negative/],
  [{ finished: [{ durationMs: 1e9 }] }, /^400 .*at most 12 h/],
  [{ finished: [{ durationMs: 5, class: 'a b' }] }, /^400 .*bad-name/],
  [{ finished: [{ durationMs: 5, outcome: 'lost' }] }, /^400 .*wrong-type/],
  [{ finished: { durationMs: 5 } }, /^400 .*wrong-type/],
  [{ omitted: -1 }, /^400 .*out-of-range/],
])('the work %j is refused whole', async (body, answer) => {
  expect(await refusal(postWork(body))).toMatch(answer);
  expect(boards.work.takeJson()).toBeNull();
});

test('a worker that says nothing for a minute holds nothing', async () => {
  await postWork({ worker: 'a', inHand: 2 });
  const inHand: number[] = [];
  boards.work.collect(60_001, (_, count) => inHand.push(count));
  expect(inHand).toEqual([0]);
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
  const again = openSignalServer(server.port, boards, new ManualClock());
  await expect(again).rejects.toThrow(/EADDRINUSE/);
});

function readInHand(): readonly number[] {
  const inHand: number[] = [];
  boards.work.collect(0, (_, count) => inHand.push(count));
  return inHand;
}

test('a worker that only tells what it has finished is not taken for idle', async () => {
  await postWork({ finished: [{ durationMs: 5 }] });
  boards.work.add({ class: 'default', durationMs: 5, outcome: 'done' });
  expect(readInHand()).toEqual([]);
  await postWork({ inHand: 0 });
  expect(readInHand()).toEqual([0]);
});

test('a draining instance is empty when each worker has told so, knowing that it drains', async () => {
  await server.close();
  let outlook: ReturnType<Boards['state']> = { state: 'online' };
  boards = createBoards(60_000, () => outlook);
  server = await openSignalServer(0, boards, new ManualClock());
  await postWork({ worker: 'a', inHand: 0 });
  await postWork({ worker: 'b', inHand: 3 });
  expect(readInHand()).toEqual([3]);
  outlook = { state: 'draining', withinMs: 90_000 };
  expect(readInHand()).toEqual([4]);
  // What it tells here it sent before it could know; it is answered now.
  const answer = await postWork({ worker: 'a', inHand: 0 });
  expect(await answer.json()).toEqual({ state: 'draining', withinMs: 90_000 });
  await postWork({ worker: 'b', inHand: 0 });
  expect(readInHand()).toEqual([2]);
  await postWork({ worker: 'a', inHand: 1 });
  await postWork({ worker: 'b', inHand: 0 });
  expect(readInHand()).toEqual([1]);
  await postWork({ worker: 'a', inHand: 0 });
  expect(readInHand()).toEqual([0]);
  outlook = { state: 'online' };
  await postWork({ worker: 'a', inHand: 0 });
  outlook = { state: 'draining' };
  expect(readInHand()).toEqual([1]);
});
