// What a deployment has made, in a file on this machine: which stack, where, from what. So that taking
// it down goes by ids, and a stack that somebody else has edited is noticed.

import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { DeployError } from './deploy-error.ts';

const schema = z.object({
  version: z.literal(1),
  template: z.string(),
  stackName: z.string(),
  stackId: z.string(),
  accountId: z.string(),
  region: z.string(),
  /** SHA-256 of the template that was deployed. */
  templateDigest: z.string(),
  parameters: z.record(z.string(), z.string()),
  resources: z.array(z.object({ logicalId: z.string(), type: z.string(), physicalId: z.string() })),
});

export type Manifest = Readonly<z.infer<typeof schema>>;

export interface ManifestPlace {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
}

export function manifestPath({ accountId, region, stackName }: ManifestPlace): string {
  return join(homedir(), '.foretide', 'deployments', `${accountId}-${region}-${stackName}.json`);
}

/** Null if there is none; refuses a file that is something else. */
export function readManifest(path: string): Manifest | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new DeployError(`${path} cannot be read: ${String(error)}`);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new DeployError(`${path} is no manifest of foretide deploy; move it away or name another`);
}

/** Written beside it and renamed, so that there is never half a manifest. */
export function writeManifest(path: string, manifest: Manifest): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DeployError(
      `what is made cannot be noted in ${path} (${reason}); name another file with --manifest`,
    );
  }
}

export function removeManifest(path: string): void {
  rmSync(path, { force: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
