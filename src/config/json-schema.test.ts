import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

import { formatConfigError } from './config-error.ts';
import { createJsonSchema } from './json-schema.ts';
import { loadConfig } from './load-config.ts';
import { createReference, insertReference } from './reference.ts';

const root = join(import.meta.dirname, '../..');
const examples = ['minimal', 'ec2-load', 'full'];

async function readText(path: string): Promise<string> {
  return await readFile(join(root, path), 'utf8');
}

describe('the JSON Schema', () => {
  it('is the one in docs (renew it by `npm run schema`)', async () => {
    const written: unknown = JSON.parse(await readText('docs/foretide.schema.json'));
    expect(written).toEqual(JSON.parse(JSON.stringify(createJsonSchema())));
  });

  it.each(examples)('takes the example %s', async (name) => {
    const schema = z.fromJSONSchema(JSON.parse(await readText('docs/foretide.schema.json')));
    const outcome = schema.safeParse(parse(await readText(`examples/${name}.yaml`)));
    expect(outcome.error?.issues).toBeUndefined();
  });

  it.each([
    ['an unknown key', { groups: [{ name: 'web', max: 1, mim: 1 }] }],
    ['a duration without its unit', { groups: [{ name: 'web', max: 1, warmup: '60' }] }],
    ['a list that is empty', { groups: [] }],
    ['a policy of no type', { groups: [{ name: 'web', max: 1, policies: [{ signal: 'cpu' }] }] }],
  ])('refuses %s', async (_, file) => {
    const schema = z.fromJSONSchema(JSON.parse(await readText('docs/foretide.schema.json')));
    expect(schema.safeParse(file).success).toBe(false);
  });
});

describe('the reference', () => {
  it('is the one in docs (renew it by `npm run schema`)', async () => {
    const page = await readText('docs/config.md');
    expect(insertReference(page, createReference({ ...createJsonSchema() }))).toBe(page);
  });

  it('says what every key means', () => {
    const rows = createReference({ ...createJsonSchema() })
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(50);
    for (const row of rows) expect(row).toMatch(/^\| `\w+` \| [^|]+ \| [^|]* \| [^|]{10,}\. \|$/);
  });

  it('does not lose itself on a page without its marks', () => {
    expect(() => insertReference('# Something else', '')).toThrow('no marks');
  });
});

describe('the examples', () => {
  it.each(examples)('%s is a configuration', async (name) => {
    const path = `examples/${name}.yaml`;
    const outcome = loadConfig(await readText(path), path);
    expect(outcome.ok ? [] : outcome.errors.map(formatConfigError)).toEqual([]);
  });

  it('need four lines for a group', async () => {
    expect((await readText('examples/minimal.yaml')).trimEnd().split('\n')).toHaveLength(4);
  });

  it('show every key in the full one', async () => {
    const text = await readText('examples/full.yaml');
    const rows = createReference({ ...createJsonSchema() }).matchAll(/^\| `(\w+)`/gm);
    const missing = [...rows]
      .map(([, key = '']) => key)
      .filter((key) => !new RegExp(`\\b${key}:`).test(text));
    expect(missing).toEqual([]);
  });

  it('listen to what `mosquitto_pub -t ec2/load` publishes in the one for load lines', async () => {
    const outcome = loadConfig(await readText('examples/ec2-load.yaml'), 'ec2-load.yaml');
    expect(outcome).toMatchObject({
      config: {
        loadTopics: [{ topic: 'ec2/load', group: 'my-asg' }],
        groups: [{ honorCooldown: true, target: { autoScalingGroup: 'my-asg' } }],
      },
    });
  });
});
