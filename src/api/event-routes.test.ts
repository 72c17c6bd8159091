import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createToken, hashToken } from './access/tokens.ts';
import type { Api } from './create-api.ts';
import { createEventRing } from './events/event-ring.ts';
import { createEventHub, type EventHub } from './events/event-hub.ts';
import { fleetColumns } from './events/fleet-rows.ts';
import { serveWeb, type Served } from './serve.ts';
import { openEvents, type EventClient, type ReceivedEvent } from './testing/event-client.ts';
import { httpPage } from './testing/documented-examples.ts';
import { exchange, expectServing } from './testing/exchange.ts';
import {
  createFakeApi,
  createFakeController,
  openWeb,
  type FakeController,
} from './testing/fake-controller.ts';

let fake: FakeController;
let api: Api;
let served: Served;
const clients: EventClient[] = [];

beforeEach(async () => {
  fake = createFakeController();
  await serve();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  api.close();
  await served.close();
});

async function serve(): Promise<void> {
  api = createFakeApi(fake);
  served = expectServing(await serveWeb(api, { port: 0, log: fake.log }));
}

async function watch(path = '/v1/events', lastId: string | null = null): Promise<EventClient> {
  const client = await openEvents(
    served.address,
    path,
    lastId === null ? {} : { 'last-event-id': lastId },
  );
  clients.push(client);
  return client;
}

const named = (name: string) => (event: ReceivedEvent) => event.name === name;

/** The demand that a fleet event tells of web; undefined if it tells none. */
function demandOf({ data, name }: ReceivedEvent): unknown {
  if (name !== 'fleet') return undefined;
  // The rows are compared by the tests.
  const { rows } = data as { rows: readonly (readonly unknown[])[] };
  return rows.find(([group]) => group === 'web')?.[fleetColumns.indexOf('demand')];
}

describe('a viewer', () => {
  it('is greeted, told how everything stands, then what changes', async () => {
    const client = await watch();
    const hello = await client.find(named('hello'));
    expect(hello.data).toMatchObject({ version: '0.1.0', fleetColumns: [...fleetColumns] });
    const fleet = await client.find(named('fleet'));
    expect(fleet.data).toMatchObject({
      isWhole: true,
      rows: [
        ['web', 6, 5, 1, 2, 20, 'active', 'ok', 6.5, 5, expect.stringContaining('hold at 6')],
        [
          'batch jobs',
          null,
          0,
          0,
          0,
          50,
          'advise',
          'failing',
          null,
          0,
          'AWS knows no group jobs-asg',
        ],
      ],
    });
    fake.demand = 7.25;
    const change = await client.find((event) => demandOf(event) === 7.25);
    // The other group is as it was, and the sentence too.
    expect(change.data).toEqual({
      isWhole: false,
      rows: [['web', 6, 5, 1, 2, 20, 'active', 'ok', 7.25, 5]],
      gone: [],
    });
  });

  it('of a group is told of its instances, and of nobody else’s', async () => {
    const [both, one] = [await watch('/v1/events?groups=web'), await watch()];
    const whole = await both.find(named('group'));
    expect(whole.data).toMatchObject({
      name: 'web',
      isWhole: true,
      status: { desired: 6, overridesVersion: expect.any(String) },
      joined: [
        ['i-0a1b2c3d4e5f60718', 'InService', 'eu-west-1a', 'm7g.large', true, true, '0.1.0'],
      ],
      signals: ['connections', 'cpu'],
      readings: [['i-0a1b2c3d4e5f60718', 400, 100, 0.8]],
    });
    fake.demand = 8;
    api.hub.look();
    api.hub.look();
    await both.find(
      ({ data, name }) => name === 'group' && JSON.stringify(data).includes('"demand":8'),
    );
    await one.find((event) => demandOf(event) === 8);
    expect(one.events.filter(named('group'))).toEqual([]);
  });

  it('sees an override of somebody, and a decision once more with its outcome', async () => {
    const client = await watch();
    await client.find(named('fleet'));
    fake.overrides = [{ kind: 'pause', until: null, by: 'ana', why: 'a move' }];
    const override = await client.find(named('override'));
    expect(override.data).toMatchObject({ group: 'web', overrides: [{ by: 'ana' }] });
    expect(client.events.filter(named('decision'))).toEqual([]);
    const [, change] = fake.decisions;
    if (change === undefined) throw new Error('the fake has a change');
    const decision = { ...change.decision, at: change.decision.at + 5000 };
    fake.lastChange = { ...change, decision, actuation: null };
    await client.find(
      ({ name, data }) => name === 'decision' && /"actuation":null/.test(JSON.stringify(data)),
    );
    fake.lastChange = { ...change, decision };
    await client.find(
      ({ name, data }) => name === 'decision' && /"accepted"/.test(JSON.stringify(data)),
    );
  });

  it.each([
    ['/v1/events?groups=nobody', 404],
    ['/v1/events?groups=', 422],
    ['/v1/events?groups=a,b,c,d,e,f,g,h,i', 422],
    ['/v1/events?group=web', 422],
  ])('is refused %s', async (path, status) => {
    expect((await exchange(served.address, { path })).status).toBe(status);
  });

  it('is as in docs/http.md', async () => {
    const hello = await (await watch()).find(named('hello'));
    const [, written = '{}'] = /^data: (\{"version".*)$/m.exec(httpPage) ?? [];
    expect(JSON.parse(written)).toEqual(hello.data);
  });
});

describe('a connection that broke', () => {
  it('goes on where it was', async () => {
    const first = await watch();
    const fleet = await first.find(named('fleet'));
    fake.demand = 9;
    await first.find((event) => demandOf(event) === 9);
    first.close();
    await first.ended;
    const second = await watch('/v1/events', fleet.id);
    await second.find((event) => demandOf(event) === 9);
    expect(second.events.map(({ name }) => name)).toEqual(['hello', 'fleet']);
  });

  it('is told to begin anew after a restart, or with an id that nobody gave', async () => {
    const first = await watch();
    const { id } = await first.find(named('fleet'));
    api.close();
    await served.close();
    await first.ended;
    await serve();
    for (const strange of [id, 'nonsense', `${id}999`, '-1', 'x'.repeat(5000)]) {
      const client = await watch('/v1/events', strange);
      await client.find(named('fleet'));
      expect(client.events.map(({ name }) => name)).toEqual(['hello', 'reset', 'fleet']);
    }
  });

  it('misses what a full ring has forgotten', () => {
    const ring = createEventRing('run');
    const { lastId } = ring;
    for (let count = 0; count < 2000; count += 1) ring.add('fleet', count);
    expect(ring.since(lastId)).toHaveLength(2000);
    ring.add('fleet', 'one more');
    expect(ring.since(lastId)).toBeNull();
    expect(ring.since(ring.lastId)).toEqual([]);
    for (let count = 0; count < 10; count += 1) ring.add('fleet', 'x'.repeat(2 ** 20));
    expect(ring.since('run-2001')).toBeNull();
    ring.clear();
    expect(ring.since('run-2011')).toBeNull();
    expect(ring.since(ring.lastId)).toEqual([]);
  });
});

describe('nobody watching', () => {
  it('costs nothing after a minute', () => {
    let at = 0;
    let run: (() => void) | null = null;
    const hub: EventHub = createEventHub({
      read: fake.read,
      version: '0.1.0',
      startedAt: 0,
      run: 'run',
      elapsedMs: () => at,
      every: (_, look) => {
        run = look;
        return () => {
          run = null;
        };
      },
    });
    expect(run).toBeNull();
    const leave = hub.join({ groups: [], send: () => undefined }, null);
    expect(run).not.toBeNull();
    leave();
    at = 59_000;
    tick();
    expect(run).not.toBeNull();
    at = 60_000;
    tick();
    expect(run).toBeNull();

    function tick(): void {
      run?.();
    }
  });
});

describe('a session that ends', () => {
  it('frees the place of its viewers', async () => {
    const token = createToken();
    const tokens = [{ name: 'alice', role: 'viewer', hash: hashToken(token) }] as const;
    const web = { ...openWeb, tokens, isReadingOpen: false };
    const guarded = createFakeApi(fake, { web });
    const server = expectServing(await serveWeb(guarded, { port: 0, log: fake.log }));
    await expect(openEvents(server.address, '/v1/events')).rejects.toThrow('status 401');
    const headers = { authorization: `Bearer ${token}` };
    const client = await openEvents(server.address, '/v1/events', headers);
    await client.find(named('hello'));
    expect(guarded.hub.viewerCount).toBe(1);
    client.close();
    await expect.poll(() => guarded.hub.viewerCount, { timeout: 10_000 }).toBe(0);
    guarded.close();
    await server.close();
  });
});
