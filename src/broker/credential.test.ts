import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Credential,
  createCredentialFinder,
  parseCredentials,
  readCredentialsFile,
} from './credential.ts';

const passwordHash = `$scrypt$ln=14,r=8,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`;
const reader = { role: 'reader', userName: 'grafana', passwordHash };
const agent = { role: 'agent', userName: 'web-1', passwordHash, group: 'web', instance: 'i-1' };
const fleet = { role: 'agent', userName: 'web/*', passwordHash, group: 'web', instance: '*' };

describe('credentials', () => {
  it('are read as they are written', () => {
    const list = [reader, agent, fleet, { ...reader, role: 'load', userName: 'devices' }];
    expect(parseCredentials(list)).toEqual({ ok: true, credentials: list });
  });

  it.each([
    ['no list', {}, /^credentials: .*expected array/],
    ['an unknown role', [{ ...reader, role: 'admin' }], /^credentials\.0\.role: .*reader/],
    ['an unknown member', [{ ...reader, group: 'web' }], /^credentials\.0: .*"group"/],
    [
      'a plain password',
      [{ ...reader, passwordHash: 'x' }],
      /^credentials\.0\.passwordHash: expected/,
    ],
    ['no instance', [{ ...agent, instance: undefined }], /^credentials\.0\.instance: .*string/],
    ['a stray star', [{ ...reader, userName: 'a*' }], /^credentials\.0\.userName: found "a\*"/],
    ['no star', [{ ...fleet, userName: 'web' }], /^credentials\.0\.userName: .*one \*/],
    ['a name twice', [reader, reader], /^credentials\.1\.userName: "grafana" is there twice/],
  ])('with %s are refused in one line that says where', (_, value, expected) => {
    const outcome = parseCredentials(value);
    expect(outcome.ok ? '' : outcome.message).toMatch(expected);
    expect(outcome.ok ? '' : outcome.message).not.toContain('\n');
  });

  it('come from a file, and a bad file is named without being quoted', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'foretide-'));
    const path = join(folder, 'credentials.json');
    await writeFile(path, JSON.stringify([reader]));
    expect(await readCredentialsFile(path)).toEqual({ ok: true, credentials: [reader] });
    await writeFile(path, '[{"userName": "secret');
    expect(await readCredentialsFile(path)).toEqual({
      ok: false,
      message: `${path}: found no JSON`,
    });
    await rm(folder, { recursive: true });
    const missing = await readCredentialsFile(path);
    expect(missing.ok ? '' : missing.message).toContain('ENOENT');
  });
});

describe('finding a credential', () => {
  const parsed = parseCredentials([
    { ...fleet, userName: '*', group: 'any' },
    fleet,
    { ...fleet, userName: 'web/db-*', group: 'db' },
    { ...agent, userName: 'web/i-9', instance: 'i-9' },
  ]);
  const credentials: readonly Credential[] = parsed.ok ? parsed.credentials : [];
  const find = createCredentialFinder(credentials);

  it.each([
    ['i-0abc', '*', 'i-0abc'],
    ['web/i-0abc', 'web/*', 'i-0abc'],
    ['web/db-7', 'web/db-*', '7'],
    ['web/i-9', 'web/i-9', 'i-9'],
  ])('%s falls under %s as %s', (userName, pattern, instance) => {
    const found = find(userName);
    expect([found?.credential.userName, found?.instance]).toEqual([pattern, instance]);
  });

  it('takes no empty and no overlong instance', () => {
    const onlyWeb = createCredentialFinder(credentials.filter((each) => each.userName === 'web/*'));
    expect(onlyWeb('web/')).toBeNull();
    expect(onlyWeb(`web/${'x'.repeat(256)}`)).toBeNull();
    expect(onlyWeb('api/i-1')).toBeNull();
  });
});
