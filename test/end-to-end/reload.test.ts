// A controller whose file changes under it, in the ways in which editors and mounts change files.

import {
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createClient, type ApiClient } from '../../src/api/client.ts';
import type { ConfigStatus } from '../../src/controller/ports/control.ts';
import { Stage } from './stage.ts';

const groups = `
groups:
  - name: web
    autoScalingGroup: web-asg
    min: 2
    max: 9
`;

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function openStage(): Promise<{ readonly stage: Stage; readonly api: ApiClient }> {
  const stage = await Stage.open({ groups, brokerUrl: null, min: 2, max: 9 });
  endings.push(() => stage.close());
  return { stage, api: createClient({ socketPath: stage.socketPath }) };
}

async function askConfig(api: ApiClient): Promise<ConfigStatus | null> {
  const answer = await api.groups();
  return answer.kind === 'answered' ? (answer.value.config ?? null) : null;
}

async function askBounds(api: ApiClient): Promise<readonly (readonly [string, number, number])[]> {
  const answer = await api.groups();
  if (answer.kind !== 'answered') return [];
  return answer.value.groups.map(({ name, min, max }) => [name, min, max] as const);
}

/** As most editors save: a new file takes the place of the old one. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}

it('takes over a good file, refuses a bad one and says so', { timeout: 90_000 }, async () => {
  const { stage, api } = await openStage();
  const path = stage.configPath;
  const first = readFileSync(path, 'utf8');
  await stage.startController();
  const startedAt = (await askConfig(api))?.appliedAt ?? Number.NaN;
  await stage.until('the group is looked at', () => stage.desired === 2);

  replaceFile(path, first.replace('min: 2', 'min: 3'));
  await stage.until('three are wanted by the new file', () => stage.desired === 3);
  // It is told once all of it is in force, and the first act may come before.
  await stage.until('that is told', async () => (await askConfig(api))?.appliedAt !== startedAt);
  const taken = await askConfig(api);
  expect(taken).toMatchObject({ file: path, mistake: null, needsRestart: [] });
  expect(taken?.appliedAt).toBeGreaterThan(startedAt);
  expect(stage.log.some((line) => line.includes('was taken over: web: min 2 → 3'))).toBe(true);

  replaceFile(path, first.replace('max: 9', 'maks: 9'));
  await stage.until('the mistake shows', async () => (await askConfig(api))?.mistake !== null);
  const refused = await askConfig(api);
  expect(refused?.mistake?.lines.join('\n')).toMatch(/maks: found an unknown key/u);
  expect(refused?.appliedAt).toBe(taken?.appliedAt);
  expect(await askBounds(api)).toEqual([['web', 3, 9]]);

  unlinkSync(path);
  await stage.until('the missing file shows', async () => {
    const said = (await askConfig(api))?.mistake?.lines.join('\n') ?? '';
    return said.includes('cannot be read');
  });
  expect((await askConfig(api))?.mistake?.since).toBe(refused?.mistake?.since);

  // In place, and told at once; the broker's part waits for a restart, the groups do not.
  const other = first.replace(/api: .*/u, "api: { listen: '127.0.0.1:8099' }");
  writeFileSync(path, `${other.replace('min: 2', 'min: 4')}\n  - { name: b, max: 3 }\n`);
  stage.signalController('SIGHUP');
  await stage.until('four are wanted', () => stage.desired === 4);
  await stage.until('that is told', async () => (await askConfig(api))?.mistake === null);
  expect(await askConfig(api)).toMatchObject({ mistake: null, needsRestart: ['api'] });
  expect(await askBounds(api)).toEqual([
    ['web', 4, 9],
    ['b', 1, 3],
  ]);
});

it('follows the links of a mounted config as they are switched', { timeout: 60_000 }, async () => {
  const { stage, api } = await openStage();
  const path = stage.configPath;
  const first = readFileSync(path, 'utf8');
  const publish = (version: string, text: string): void => {
    mkdirSync(join(stage.folder, version));
    writeFileSync(join(stage.folder, version, 'foretide.yaml'), text);
    symlinkSync(version, join(stage.folder, '..data_tmp'));
    renameSync(join(stage.folder, '..data_tmp'), join(stage.folder, '..data'));
  };
  publish('..one', first);
  unlinkSync(path);
  symlinkSync(join('..data', 'foretide.yaml'), path);
  await stage.startController();
  publish('..two', first.replace('max: 9', 'max: 7'));
  await stage.until('the new bound is in force', async () => {
    const [web] = await askBounds(api);
    return web?.[2] === 7;
  });
  expect(await askConfig(api)).toMatchObject({ mistake: null, needsRestart: [] });
});
