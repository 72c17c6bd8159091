import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readManifest, removeManifest, writeManifest, type Manifest } from './manifest.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'foretide-manifest-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const manifest: Manifest = {
  version: 1,
  template: 'hello-asg',
  stackName: 'hello',
  stackId: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/hello/1',
  accountId: '123456789012',
  region: 'eu-west-1',
  templateDigest: 'abc',
  parameters: { Maximum: '4' },
  resources: [{ logicalId: 'Group', type: 'AWS::AutoScaling::AutoScalingGroup', physicalId: 'g' }],
};

it('comes back as it was written, and leaves nothing beside it', () => {
  const path = join(folder, 'deep', 'hello.json');
  writeManifest(path, manifest);
  expect(readManifest(path)).toEqual(manifest);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['hello.json']);
  removeManifest(path);
  expect(readManifest(path)).toBeNull();
});

it.each(['', '[]', '{"version":2}', 'nonsense'])('refuses %j in one line', (text) => {
  const path = join(folder, 'other.json');
  writeFileSync(path, text);
  expect(() => readManifest(path)).toThrow(/other\.json is no manifest of foretide deploy/u);
});
