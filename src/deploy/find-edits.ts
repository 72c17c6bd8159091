// What somebody has changed about a stack since it was deployed from here: its template, its
// parameters, and, where AWS can tell, its resources.

import type { Stack } from '@aws-sdk/client-cloudformation';
import { createHash } from 'node:crypto';
import { readManifest } from './manifest.ts';
import type { Surroundings } from './surroundings.ts';

/** In words; nothing without a manifest of that very stack. */
export async function findEdits(
  stack: Stack,
  { client, manifestPath }: Pick<Surroundings, 'client' | 'manifestPath'>,
): Promise<readonly string[]> {
  const manifest = readManifest(manifestPath);
  if (manifest === null || manifest.stackId !== stack.StackId) return [];
  const body = await client.templateBody(manifest.stackId);
  const parameters = Object.entries(manifest.parameters).flatMap(([key, value]) => {
    const now = stack.Parameters?.find(({ ParameterKey }) => ParameterKey === key)?.ParameterValue;
    return now === undefined || now === value ? [] : [`${key} is ${now}, deployed was ${value}`];
  });
  return [
    ...(digest(body) === manifest.templateDigest ? [] : ['its template is another']),
    ...parameters,
  ];
}

export function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
