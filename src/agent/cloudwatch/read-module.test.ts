import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readConfig, readModule } from './read-module.ts';

const folder = mkdtempSync(join(tmpdir(), 'foretide-module-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As the agent that this one replaces documents it. */
const inherited = `module.exports = {
  metrics: {
    socketsUsed: { enabled: true, unit: 'Count', name: 'Sockets Used' },
    memoryAvailable: { enabled: true, unit: 'Megabytes', name: 'Memory Available' },
  },
  interval: 60,
  namespace: 'MyApp',
  credentials: { region: 'eu-west-1', accessKeyId: 'AKIA', secretAccessKey: 'hush' },
};
`;

function write(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('the module of the agent before', () => {
  it('works unchanged, and its key is known to be the last resort', () => {
    const read = readModule(write('inherited.js', inherited));
    expect(read).toMatchObject({
      ok: true,
      publishing: {
        namespace: 'MyApp',
        intervalMs: 60_000,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'AKIA', secretAccessKey: 'hush' },
        metrics: [
          { signal: 'socketsUsed', name: 'Sockets Used', unit: 'Count' },
          { signal: 'memoryAvailableBytes', name: 'Memory Available', unit: 'Megabytes' },
        ],
      },
    });
    expect(JSON.stringify(read.ok && read.notes)).toContain('role of the instance');
    expect(JSON.stringify(read.ok && read.notes)).not.toContain('hush');
  });

  it('is not run where others could have written it', () => {
    const path = write('open.js', 'process.exit(3)', 0o622);
    expect(readModule(path)).toEqual({
      ok: false,
      message: `${path} can be written by others, and it would be run: chmod go-w ${path}`,
    });
  });

  it.each([
    ['missing.js', null, /cannot be read/u],
    ['broken.js', 'module.exports = {', /cannot be read/u],
    ['throws.js', 'throw new Error("no disk")', /cannot be read: no disk/u],
  ])('%s is one line', (name, text, message) => {
    const path = text === null ? join(folder, name) : write(name, text);
    const read = readModule(path);
    expect(!read.ok && read.message).toMatch(message);
    expect(!read.ok && read.message).not.toContain('\n');
  });
});

describe('what cannot be published', () => {
  const metrics = { socketsUsed: { enabled: true } };
  const good = { metrics, interval: 1, namespace: 'A' };
  it.each([
    [5, /exports 5/u],
    [{ ...good, interval: 0 }, /interval is 0: whole seconds from 1/u],
    [{ ...good, interval: '60' }, /interval is "60"/u],
    [{ ...good, namespace: 'AWS/EC2' }, /namespace is "AWS\/EC2".*not AWS/u],
    [{ ...good, namespace: undefined }, /namespace is undefined/u],
    [{ ...good, metrics: {} }, /at least one is to be enabled/u],
    [{ ...good, metrics: { socketsUsed: { enabled: false } } }, /at least one is to be enabled/u],
    [{ ...good, metrics: { disk: {} } }, /metrics\.disk .*only socketsUsed and memoryAvailable/u],
    [{ ...good, metrics: { socketsUsed: { unit: 'Pieces' } } }, /unit is "Pieces": one of/u],
    [{ ...good, credentials: { accessKeyId: 'a' } }, /both keys, or neither/u],
    [{ ...good, dimensions: { a: 1 } }, /dimensions .*names with texts/u],
  ])('%j is told in one line', (exported, message) => {
    const read = readConfig(exported, 'x.js');
    expect(!read.ok && read.message).toMatch(message);
  });
});
