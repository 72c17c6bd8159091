// A backlog policy over queues that are not of SQS: what waits in RabbitMQ as Prometheus tells it, and
// what is worked on as an address answers in JSON. The whole composition, with no agent and no SQS.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { composeGroup, region, until, workers } from './composed-group.ts';

const endings: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Speaks as Prometheus does to one query, and as a program with figures in JSON. */
async function serveCounts(counts: { ready: number; pending: number }): Promise<string> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://here');
    const sample = [Date.now() / 1000, `${counts.ready}`];
    const isKnown = url.searchParams.get('query') === 'sum(rabbitmq_queue_messages_ready)';
    const vector = { resultType: 'vector', result: isKnown ? [{ metric: {}, value: sample }] : [] };
    const body =
      url.pathname === '/api/v1/query'
        ? { status: 'success', data: vector }
        : { groups: [{ name: 'workers', pending: counts.pending }] };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has an address of this kind.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it(
  'wakes a group for a queue of another kind, and says what a promise needs beyond its max',
  { timeout: 180_000 },
  async () => {
    const counts = { ready: 0, pending: 0 };
    const url = await serveCounts(counts);
    const composed = await composeGroup({ speed: 1, desired: 0 });
    endings.push(() => composed.close());
    const read = await composed.start(`
  - name: ${workers}
    autoScalingGroup: ${workers}
    region: ${region}
    min: 0
    max: 3
    cooldown: 0s
    stabilization: 0s
    sources:
      - { name: ready, type: prometheus, url: '${url}', query: sum(rabbitmq_queue_messages_ready), every: 1s }
      - { name: pending, type: http, url: '${url}/info', pointer: /groups/0/pending, every: 1s }
    policies:
      - type: backlog
        counts: { visible: ready, inFlight: pending }
        promise: 300s
        firstDuration: 25s
        firstBoot: 60s
`);
    await until('the queue is counted', () => read.group(workers)?.queue !== undefined);
    expect(composed.desired()).toBe(0);
    counts.ready = 50;
    counts.pending = 2;
    await until('the group is woken up to its max', () => composed.desired() === 3);
    await until('both counts are seen', () => read.group(workers)?.queue?.inFlight === 2);
    expect(read.group(workers)?.queue?.visible).toBe(50);
    const told = () => read.group(workers)?.now?.explanation.details.join('\n') ?? '';
    await until('why says what is needed', () =>
      /notice: a promise of 5 min cannot be kept: it needs \d+ instances, and 3 are allowed/u.test(
        told(),
      ),
    );
    counts.ready = 0;
    counts.pending = 0;
    await until('an empty queue needs none', () => composed.desired() === 0);
  },
);
