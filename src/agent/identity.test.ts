// Against a server that answers as the instance metadata of EC2 does.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { findFreePort } from '../../test/brokers/mosquitto.ts';
import { resolveIdentity } from './identity.ts';
import { metadataAttemptsMax } from './instance-metadata.ts';

const token = 'AQAEAtoken==';
const values: Readonly<Record<string, string>> = {
  'instance-id': 'i-0123456789abcdef0',
  'placement/availability-zone': 'eu-central-1b',
  'instance-type': 'm7g.large',
  'instance-life-cycle': 'spot',
  'tags/instance/aws:autoscaling:groupName': 'web fleet',
};

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  const port = await findFreePort();
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${port}`;
}

/** Version 2 only: without a token of its own the answer is 401. */
function metadataOf(known: Readonly<Record<string, string>>, asked: string[] = []): Handler {
  return (request, response) => {
    const path = request.url ?? '';
    asked.push(`${request.method} ${path}`);
    if (path === '/latest/api/token') {
      const isRight =
        request.method === 'PUT' &&
        request.headers['x-aws-ec2-metadata-token-ttl-seconds'] !== undefined;
      response.writeHead(isRight ? 200 : 400).end(token);
      return;
    }
    if (request.headers['x-aws-ec2-metadata-token'] !== token) {
      response.writeHead(401).end();
      return;
    }
    const value = known[path.replace('/latest/meta-data/', '')];
    response.writeHead(value === undefined ? 404 : 200).end(value ?? '<html>404</html>');
  };
}

test('everything is looked up with a token', async () => {
  const endpoint = await serve(metadataOf(values));
  expect(await resolveIdentity({}, { endpoint, isDisabled: false })).toEqual({
    ok: true,
    identity: {
      group: 'web fleet',
      instance: 'i-0123456789abcdef0',
      zone: 'eu-central-1b',
      instanceType: 'm7g.large',
      lifeCycle: 'spot',
    },
  });
});

test('what was given is not asked, and wins', async () => {
  const asked: string[] = [];
  const endpoint = await serve(metadataOf(values, asked));
  const outcome = await resolveIdentity({ group: 'given' }, { endpoint, isDisabled: false });
  expect(outcome.ok && outcome.identity.group).toBe('given');
  expect(asked.join()).not.toContain('tags/instance');
});

test('with group and instance given nothing is looked up', async () => {
  const asked: string[] = [];
  const endpoint = await serve(metadataOf(values, asked));
  const given = { group: 'web', instance: 'this-machine' };
  expect(await resolveIdentity(given, { endpoint, isDisabled: false })).toEqual({
    ok: true,
    identity: given,
  });
  expect(asked).toEqual([]);
});

test('facts that the metadata does not have, or has as nonsense, are left out', async () => {
  const { 'instance-id': id, 'tags/instance/aws:autoscaling:groupName': group } = values;
  const endpoint = await serve(
    metadataOf({
      'instance-id': id ?? '',
      'tags/instance/aws:autoscaling:groupName': group ?? '',
      'instance-type': 'two\nlines',
    }),
  );
  expect(await resolveIdentity({}, { endpoint, isDisabled: false })).toEqual({
    ok: true,
    identity: { group: 'web fleet', instance: 'i-0123456789abcdef0' },
  });
});

test('a group that tags do not tell is one clear line', async () => {
  const endpoint = await serve(metadataOf({ 'instance-id': 'i-1' }));
  const outcome = await resolveIdentity({}, { endpoint, isDisabled: false });
  expect(!outcome.ok && outcome.message).toMatch(/does not tell the group: allow tags .* --group/);
});

test('no metadata at all is one clear line', async () => {
  const endpoint = `http://127.0.0.1:${await findFreePort()}`;
  const outcome = await resolveIdentity({ group: 'web' }, { endpoint, isDisabled: false });
  expect(!outcome.ok && outcome.message).toMatch(
    /^no instance metadata at .* \(.*ECONNREFUSED.*\): give --group and --instance \(or FORETIDE_GROUP/,
  );
});

test('metadata that must not be asked is not', async () => {
  const outcome = await resolveIdentity({}, { endpoint: 'http://127.0.0.1:1', isDisabled: true });
  expect(!outcome.ok && outcome.message).toMatch(/disabled here: give --group and --instance/);
});

test('a token is asked for again when the first answer fails, so often and no more', async () => {
  let asked = 0;
  const good = metadataOf(values);
  const endpoint = await serve((request, response) => {
    if (request.url !== '/latest/api/token') return good(request, response);
    asked += 1;
    return asked < metadataAttemptsMax ? void request.socket.destroy() : good(request, response);
  });
  expect((await resolveIdentity({}, { endpoint, isDisabled: false })).ok).toBe(true);
  asked = -100;
  const outcome = await resolveIdentity({}, { endpoint, isDisabled: false });
  expect(outcome.ok).toBe(false);
  expect(asked).toBe(-100 + metadataAttemptsMax);
});

test('an answer without an end is cut off', async () => {
  const endpoint = await serve((request, response) => {
    if (request.method === 'PUT') response.end(token);
    else response.write('x'.repeat(100_000));
  });
  const outcome = await resolveIdentity({}, { endpoint, isDisabled: false });
  expect(!outcome.ok && outcome.message).toMatch(/an answer without an end/);
});

test.each([
  [{ group: '', instance: 'i-1' }, /the group has 0 characters/],
  [{ group: 'web', instance: 'x'.repeat(256) }, /the instance has 256 characters: 1 to 255/],
])('a name of a wrong length is refused', async (given, message) => {
  const outcome = await resolveIdentity(given, { endpoint: '', isDisabled: false });
  expect(!outcome.ok && outcome.message).toMatch(message);
});
