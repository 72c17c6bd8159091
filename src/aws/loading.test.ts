import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

const program = `
  import { createRequire } from 'node:module';
  await import('./src/aws/scaling-target.ts');
  const loaded = Object.keys(createRequire(import.meta.url).cache);
  const packages = loaded.map((file) => /node_modules\\/(@[^/]+\\/[^/]+)/.exec(file)?.[1] ?? file);
  console.log(JSON.stringify([...new Set(packages)]));
`;

describe('loading the adapter', () => {
  it('loads no client but the one for Auto Scaling: the EC2 client alone costs 70 MB', async () => {
    const flags = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, flags);
    const loaded: unknown = JSON.parse(stdout);
    expect(loaded).toContain('@aws-sdk/client-auto-scaling');
    expect(loaded).not.toContain('@aws-sdk/client-ec2');
    expect(loaded).not.toContain('@aws-sdk/credential-providers');
  });
});
