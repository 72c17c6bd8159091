import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Override } from '../core/observation.ts';
import type { AuditEntry } from './audit.ts';
import { createAudit } from './audit.ts';
import type { Api } from './create-api.ts';
import { makeFolder } from './testing/exchange.ts';
import { present } from './testing/example-states.ts';
import {
  createFakeApi,
  createFakeController,
  type FakeController,
} from './testing/fake-controller.ts';

let fake: FakeController;
let api: Api;
let folder: ReturnType<typeof makeFolder>;

beforeEach(() => {
  folder = makeFolder();
  fake = createFakeController();
  fake.keepsWishes = true;
  api = createFakeApi(fake, { auditPath: join(folder.path, 'audit.jsonl') });
});

afterEach(() => folder.remove());

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

async function post(
  path: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const reply = await api.socket.request(`/v1/groups/web/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  // Compared key by key below.
  return { status: reply.status, body: (await reply.json()) as Answer['body'] };
}

const ana = { 'foretide-user': 'ana' };
const ben = { 'foretide-user': 'ben' };

async function versionNow(): Promise<string> {
  const reply = await api.socket.request('/v1/groups/web');
  const { overridesVersion } = (await reply.json()) as { overridesVersion: string };
  expect(reply.headers.get('etag')).toBe(`"${overridesVersion}"`);
  return overridesVersion;
}

describe('two operators', () => {
  it('are told of each other: the later one who saw the old state changes nothing', async () => {
    const seen = { 'if-match': await versionNow() };
    const wishes = [
      post('set', { desired: 8, why: 'a launch' }, { ...ana, ...seen }),
      post('hold', { atLeast: 4, why: 'to be safe' }, { ...ben, ...seen }),
    ];
    const [first, second] = await Promise.all(wishes);
    expect(first?.status).toBe(200);
    expect(second).toMatchObject({ status: 409, body: { code: 'changed-since' } });
    const detail = String(second?.body['detail']);
    expect(detail).toContain('ana did this at 2026-01-15T09:30:00.000Z: set to 8');
    expect(detail).toContain('a launch');
    expect(fake.wishes).toHaveLength(1);
    const again = { 'if-match': `"${await versionNow()}"` };
    expect((await post('hold', { atLeast: 4, why: 'x' }, { ...ben, ...again })).status).toBe(200);
  });

  it('need not ask', async () => {
    expect((await post('set', { desired: 8, why: 'x' }, ana)).status).toBe(200);
    expect((await post('set', { desired: 9, why: 'x' }, ben)).status).toBe(200);
  });
});

describe('a preview', () => {
  const says = async (path: string, body: object): Promise<string> => {
    const { body: answer } = await post(path, body);
    return String(answer['says']);
  };

  it('says what would happen, and does nothing', async () => {
    const wish = { desired: 8, for: '30m', why: 'x' };
    const told = await says('set?dry=1', wish);
    expect(told).toBe(
      'web goes from 6 to 8 at once, which starts 2 instances; for 30 min, until 2026-01-15T10:00:00.000Z, it stays at 8, whatever the policies recommend (now: 7)',
    );
    expect(await says('preview', { action: 'set', desired: 8, for: '30m' })).toBe(told);
    expect(await says('preview', { action: 'set', desired: 5 })).toContain(
      'terminates 1 instance;',
    );
    expect(await says('preview', { action: 'hold', atLeast: 4, for: null })).toContain(
      'web has 6, so nothing is added now; until someone resumes it, it has at least 4',
    );
    expect(await says('preview', { action: 'pause' })).toContain('web stays at 6');
    expect(await says('preview', { action: 'mode', mode: 'advise' })).toContain(
      'from the mode active, web goes to advise: it decides and records, and changes nothing',
    );
    expect(await says('preview', { action: 'mode', mode: 'advise' })).toContain(
      'until it is changed again or its config file says another mode than active; active is the way back',
    );
    fake.modeByHand = { by: 'ana', why: 'x', at: present, configured: 'observe' };
    expect(await says('preview', { action: 'mode', mode: 'observe' })).toMatch(
      /nothing is changed; as its config file says$/u,
    );
    expect(fake.wishes).toEqual([]);
    expect(fake.logged).toEqual([]);
  });

  it('says why it would be refused', async () => {
    expect((await post('preview', { action: 'resume' })).body['refusal']).toContain('neither');
    fake.outcome = { kind: 'refused', code: 'out-of-bounds', message: '90 is outside: 2 to 20' };
    const { body, status } = await post('preview', { action: 'set', desired: 90 });
    expect([status, body['refusal']]).toEqual([200, '90 is outside: 2 to 20']);
  });

  it.each([
    [{ action: 'grow' }, 'action is "grow"; allowed: set, hold, pause, mode, resume'],
    [{}, 'action is missing'],
    [{ action: 'set' }, 'desired is missing'],
    [{ action: 'set', desired: 1e9 }, 'desired is 1000000000'],
    [{ action: 'pause', desired: 3 }, 'unknown key desired'],
    [{ action: 'mode', mode: 'auto' }, 'mode is "auto"; allowed: observe, advise'],
  ])('refuses %j', async (asked, detail) => {
    const { body, status } = await post('preview', asked);
    expect(status).toBe(422);
    expect(body['detail']).toContain(detail);
  });
});

describe('the audit', () => {
  const entries = async (): Promise<readonly AuditEntry[]> => {
    const reply = await api.socket.request('/v1/audit');
    return ((await reply.json()) as { entries: AuditEntry[] }).entries;
  };

  it('has what was done and what was refused, and keeps it over a restart', async () => {
    await post('pause', { why: 'a move' }, ana);
    fake.outcome = { kind: 'refused', code: 'mode', message: 'web only observes' };
    await post('set', { desired: 9, why: 'x' }, ben);
    const noted = await entries();
    expect(noted).toMatchObject([
      { who: 'ben', action: 'set', outcome: 'refused', because: 'web only observes' },
      { who: 'ana', action: 'pause', outcome: 'done', what: 'paused until resumed (a move)' },
    ]);
    expect(fake.logged.join('\n')).toContain('audit: ana (socket): pause web');
    api = createFakeApi(fake, { auditPath: join(folder.path, 'audit.jsonl') });
    expect(await entries()).toEqual(noted);
  });

  it('reads over a line that a crash left half, and says that it cannot be written', () => {
    const path = join(folder.path, 'half.jsonl');
    const entry = {
      at: 1,
      who: 'ana',
      via: 'socket',
      from: null,
      action: 'pause',
      outcome: 'done',
    };
    writeFileSync(path, `${JSON.stringify(entry)}\n{"at": 2, "who`);
    const options = { now: () => present, log: fake.log };
    expect(createAudit({ ...options, path }).list(10)).toEqual([entry]);
    const nowhere = createAudit({ ...options, path: join(folder.path, 'none', 'audit.jsonl') });
    nowhere.note({ who: 'ana', via: 'socket', from: null, action: 'pause', outcome: 'done' });
    expect(fake.logged.join()).toContain('cannot be written');
    expect(nowhere.list(10)).toHaveLength(1);
  });

  it('is bounded, and its file is its owner’s alone', async () => {
    const path = join(folder.path, 'audit.jsonl');
    const audit = createAudit({ now: () => present, log: fake.log, path });
    const note = { who: 'ana', via: 'socket', from: null, outcome: 'done' } as const;
    for (let count = 0; count < 1010; count += 1) audit.note({ ...note, action: `a${count}` });
    expect(audit.list(5000)).toHaveLength(1000);
    expect(audit.list(1)[0]?.action).toBe('a1009');
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(1011);
    const { statSync } = await import('node:fs');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('overrides in force', () => {
  it('have one version whatever their order', async () => {
    const pause: Override = { kind: 'pause', until: null, by: 'ana', why: 'x' };
    const hold: Override = { kind: 'hold', atLeast: 3, until: null, by: 'ana', why: 'x' };
    fake.overrides = [pause, hold];
    const one = await versionNow();
    fake.overrides = [hold, pause];
    expect(await versionNow()).toBe(one);
    fake.overrides = [hold];
    expect(await versionNow()).not.toBe(one);
  });
});
