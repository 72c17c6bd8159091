import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bodyMaxBytes } from './create-surface.ts';
import { serveSocket, type Served } from './serve.ts';
import {
  exchange,
  expectServing,
  makeFolder,
  type Exchange,
  type Reply,
} from './testing/exchange.ts';
import { present } from './testing/example-states.ts';
import {
  createFakeApi,
  createFakeController,
  type FakeController,
} from './testing/fake-controller.ts';

let folder: ReturnType<typeof makeFolder>;
let fake: FakeController;
let served: Served;

beforeEach(async () => {
  folder = makeFolder();
  fake = createFakeController();
  const path = `${folder.path}/foretide.sock`;
  served = expectServing(await serveSocket(createFakeApi(fake), { path, log: fake.log }));
});

afterEach(async () => {
  await served.close();
  folder.remove();
});

const json = { 'content-type': 'application/json' };

function ask(asked: Exchange): Promise<Reply> {
  return exchange(served.address, asked);
}

function get(path: string): Promise<Reply> {
  return ask({ path });
}

function post(
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = json,
): Promise<Reply> {
  return ask({ method: 'POST', path, headers, body: JSON.stringify(body) });
}

interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
}

/** The problem that an answer is, which must be a whole one with one line of detail. */
function readProblem({ headers, status, text }: Reply): ProblemBody {
  expect(headers['content-type']).toBe('application/problem+json');
  // What is asserted on below; a wrong shape fails there.
  const problem = JSON.parse(text) as ProblemBody;
  expect(problem.status).toBe(status);
  expect(problem.title).not.toBe('');
  expect(problem.detail).toMatch(/^[^\n]{5,400}$/);
  return problem;
}

describe('reading', () => {
  it('finds groups whose names have to be escaped', async () => {
    const reply = await get(`/v1/groups/${encodeURIComponent('batch jobs')}`);
    expect(JSON.parse(reply.text)).toMatchObject({ name: 'batch jobs', instances: [] });
  });

  it('says which groups there are when one is not', async () => {
    for (const path of ['', '/decisions', '/why', '/why-not', '/signals/cpu']) {
      const problem = readProblem(await get(`/v1/groups/wbe${path}`));
      expect(problem).toMatchObject({ status: 404, code: 'unknown-group' });
      expect(problem.detail).toContain('did you mean web? (known: web, batch jobs)');
    }
  });

  it('bounds and filters decisions', async () => {
    const read = async (query: string): Promise<readonly string[]> => {
      const { text } = await get(`/v1/groups/web/decisions${query}`);
      // Only the kinds are looked at; anything else makes the comparison fail.
      const answer = JSON.parse(text) as { decisions: { decision: { kind: string } }[] };
      return answer.decisions.map(({ decision }) => decision.kind);
    };
    expect(await read('')).toEqual(['hold', 'scale-out']);
    expect(await read('?limit=1')).toEqual(['hold']);
    expect(await read('?kind=scale-out&kind=scale-in')).toEqual(['scale-out']);
    expect(await read('?from=-30s')).toEqual(['hold']);
    expect(await read(`?from=-1h&to=${present - 30_000}`)).toEqual(['scale-out']);
  });

  it.each([
    ['/v1/groups/web/decisions?limit=0', 'limit is "0"; allowed: a whole number from 1 to 1000'],
    ['/v1/groups/web/decisions?limit=1001', 'limit is "1001"'],
    ['/v1/groups/web/decisions?limit=1e2', 'limit is "1e2"'],
    ['/v1/groups/web/decisions?kind=grow', 'any of scale-out, scale-in, hold'],
    ['/v1/groups/web/decisions?knid=hold', 'unknown key knid; did you mean kind?'],
    ['/v1/groups/web/decisions?from=noon', 'from is "noon"; allowed: an ISO 8601 time'],
    ['/v1/groups/web/decisions?from=1&from=2', 'from is "1,2"'],
    ['/v1/groups/web/decisions?from=-5m&to=-10m', 'from must be before to'],
    ['/v1/groups/web/decisions?from=0', '400 days at most'],
    ['/v1/groups/web/signals/cpu?from=-20d', '14 days at most'],
    ['/v1/groups/web/signals/cpu?from=-1h&to=999999999999999', '14 days at most'],
    ['/v1/groups/web/why?at=yesterday', 'at is "yesterday"'],
    ['/v1/groups/web/why-not?direction=up', 'scale-in'],
    ['/v1/groups/web/why-not?size=-1', 'size is "-1"; allowed: a whole number from 0 to 100000'],
    ['/v1/groups/web/why-not', 'found neither direction nor size; allowed: one of the two'],
    ['/v1/groups/web/why-not?size=3&direction=scale-in', 'found direction and size; allowed: one'],
    [`/v1/groups/web/why?at=${present + 1}`, 'still to come'],
    ['/v1/groups?all=1', 'unknown key all (allowed: nothing)'],
    ['/predict?groups=web', 'unknown key groups; did you mean group?'],
  ])('refuses %s', async (path, detail) => {
    const problem = readProblem(await get(path));
    expect(problem).toMatchObject({ status: 422, code: 'bad-input' });
    expect(problem.detail).toContain(detail);
  });

  it('tells why from memory when it is asked about now, even while the store fails', async () => {
    fake.storeFault = 'the disk is full';
    const now = JSON.parse((await get('/v1/groups/web/why')).text);
    expect(now).toMatchObject({ decision: { kind: 'hold', at: present - 1000 }, actuation: null });
    const before = readProblem(await get('/v1/groups/web/why?at=-5s'));
    expect(before).toMatchObject({ status: 503, code: 'store', detail: 'the disk is full' });
  });

  it('tells the decision that was in force at a moment', async () => {
    const reply = await get(`/v1/groups/web/why?at=${present - 30_000}`);
    expect(JSON.parse(reply.text)).toMatchObject({
      decision: { kind: 'scale-out' },
      actuation: { kind: 'accepted' },
    });
    const early = readProblem(await get('/v1/groups/web/why?at=-1h'));
    expect(early).toMatchObject({ status: 404, code: 'no-decision' });
  });

  it('asks the store about a group that has not decided since the start', async () => {
    fake.isFresh = true;
    const reply = JSON.parse((await get('/v1/groups/web/why')).text);
    expect(reply).toMatchObject({ decision: { kind: 'hold' } });
  });

  it('lets nothing be cached, nor sniffed', async () => {
    for (const path of ['/v1/groups', '/v1/nothing', '/metrics']) {
      const { headers } = await get(path);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  it('names the methods that a route takes', async () => {
    const reply = await get('/v1/groups/web/set');
    expect(readProblem(reply)).toMatchObject({ status: 405, code: 'no-such-method' });
    expect(reply.headers['allow']).toBe('POST');
    expect((await ask({ method: 'HEAD', path: '/healthz' })).status).toBe(200);
    expect(readProblem(await get('/v2/groups'))).toMatchObject({ status: 404 });
  });

  it('says that a bug is one, and logs it', async () => {
    fake.families = [{ name: 'x', help: 'x', type: 'gauge', samples: [null as never] }];
    const problem = readProblem(await get('/metrics'));
    expect(problem).toMatchObject({ status: 500, code: 'bug' });
    expect(fake.logged.join()).toContain('error GET /metrics failed');
  });
});

describe('commands', () => {
  const set = '/v1/groups/web/set';

  it('last ten minutes, as long as they say, or until resumed', async () => {
    const until = async (lasting: object): Promise<unknown> => {
      const { text } = await post(set, { desired: 5, why: 'test', ...lasting });
      // Compared as a whole below.
      return (JSON.parse(text) as { override: { until: unknown } }).override.until;
    };
    expect(await until({})).toBe(present + 600_000);
    expect(await until({ for: '2h' })).toBe(present + 7_200_000);
    expect(await until({ for: 90_000 })).toBe(present + 90_000);
    expect(await until({ for: null })).toBeNull();
  });

  it('are given in the name that the client sends, else the controller’s', async () => {
    const wish = { why: 'because' };
    await post('/v1/groups/web/pause', wish, { ...json, 'foretide-user': 'j%C3%BCrgen%20k' });
    await post('/v1/groups/web/pause', wish);
    await ask({
      method: 'POST',
      path: '/v1/groups/web/resume',
      headers: { 'foretide-user': 'ana' },
    });
    const pause = { kind: 'pause', until: null, why: 'because' };
    expect(fake.wishes).toEqual([
      ['web', { ...pause, by: 'jürgen k' }],
      ['web', { ...pause, by: 'foretide' }],
      ['web', 'ana'],
    ]);
  });

  it.each(['%', '%0A', '', 'x'.repeat(65), '%E2%80%AEana'])('refuse the user %j', async (name) => {
    const reply = await post(set, { desired: 1, why: 'x' }, { ...json, 'foretide-user': name });
    expect(readProblem(reply)).toMatchObject({ status: 400, code: 'bad-request' });
    expect(fake.wishes).toEqual([]);
  });

  it.each([
    [{ why: 'x' }, 'desired is missing; allowed: a whole number from 0 to 100000'],
    [{ desired: '6', why: 'x' }, 'desired is "6"'],
    [{ desired: 1.5, why: 'x' }, 'desired is 1.5'],
    [{ desired: -1, why: 'x' }, 'desired is -1'],
    [{ desired: 1e9, why: 'x' }, 'desired is 1000000000'],
    [{ desired: 6 }, 'why is missing'],
    [{ desired: 6, why: '  ' }, 'why is "  "'],
    [{ desired: 6, why: 'a\nb' }, 'allowed: one line of 1 to 200 characters'],
    [{ desired: 6, why: 'x'.repeat(201) }, 'why is "xxx'],
    [{ desired: 6, why: 'x', for: '10' }, 'for is "10"; allowed: a duration such as 90s'],
    [{ desired: 6, why: 'x', for: 0 }, 'for is 0'],
    [{ desired: 6, why: 'x', for: '31d' }, 'from 1s to 30d'],
    [{ desired: 6, why: 'x', fro: '1h' }, 'unknown key fro; did you mean for?'],
    [{ desired: 6, why: 'x', quietly: true }, 'unknown key quietly (allowed: desired, for, why)'],
    [[6], 'found [6]; an object is allowed'],
    [null, 'found null; an object is allowed'],
  ])('refuse %j', async (body, detail) => {
    const problem = readProblem(await post(set, body));
    expect(problem).toMatchObject({ status: 422, code: 'bad-input' });
    expect(problem.detail).toContain(detail);
    expect(fake.wishes).toEqual([]);
  });

  it('refuse what is no JSON, and what does not say that it is', async () => {
    const broken = await ask({ method: 'POST', path: set, headers: json, body: '{"desired": 6,' });
    expect(readProblem(broken)).toMatchObject({ status: 400, code: 'bad-request' });
    const form = { 'content-type': 'text/plain' };
    const plain = readProblem(await post(set, { desired: 6, why: 'x' }, form));
    expect(plain).toMatchObject({ status: 415, code: 'no-json' });
    const proto = { method: 'POST', path: set, headers: json, body: '{"__proto__":{"desired":6}}' };
    expect(readProblem(await ask(proto)).detail).toContain('unknown key __proto__');
    expect(fake.wishes).toEqual([]);
  });

  it('refuse long bodies, whether or not their length is announced', async () => {
    const long = { desired: 6, why: 'x'.repeat(bodyMaxBytes) };
    expect(readProblem(await post(set, long))).toMatchObject({ status: 413, code: 'too-large' });
    const chunked = { ...json, 'transfer-encoding': 'chunked' };
    expect(readProblem(await post(set, long, chunked))).toMatchObject({ status: 413 });
    expect((await get('/healthz')).status).toBe(200);
  });

  it.each([
    ['unknown-group', 404],
    ['out-of-bounds', 422],
    ['mode', 409],
    ['nothing-to-end', 409],
    ['store', 503],
  ] as const)('pass on the refusal %s as %i', async (code, status) => {
    fake.outcome = { kind: 'refused', code, message: '9 is outside the bounds of web: 2 to 6' };
    const detail = fake.outcome.message;
    const wish = { desired: 9, why: 'x' };
    for (const reply of [await post(set, wish), await post('/v1/groups/web/resume', {})]) {
      expect(readProblem(reply)).toMatchObject({ status, code, detail });
    }
  });

  it('are not taken for a group that is not there', async () => {
    const reply = await post('/v1/groups/wob/resume', {});
    expect(readProblem(reply)).toMatchObject({ status: 404, code: 'unknown-group' });
  });
});
