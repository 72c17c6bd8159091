// What somebody has changed about a stack since it was deployed from here: its template and parameters
// by the manifest, its resources by what CloudFormation finds.

import type { Stack } from '@aws-sdk/client-cloudformation';
import { createHash } from 'node:crypto';
import { isDetectable } from './detect-drift.ts';
import { listHandEdits, type HandEdits } from './hand-edits.ts';
import { readManifest } from './manifest.ts';
import type { Surroundings } from './surroundings.ts';
import type { Template } from './template-library.ts';

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

/** What was changed about its resources by hand; null where that is not looked for. */
export async function findHandEdits(
  stack: Stack,
  template: Template,
  { client, looksForEdits }: Pick<Surroundings, 'client' | 'looksForEdits'>,
): Promise<HandEdits | null> {
  const { StackId: id, StackName: name = '', StackStatus: status } = stack;
  if (!looksForEdits || id === undefined || !isDetectable(status)) return null;
  return listHandEdits(await client.drift(id), template, name);
}

export function digest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}
