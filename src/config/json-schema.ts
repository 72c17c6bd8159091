// The schema of the file for editors: completion, descriptions and the mistakes that can be seen
// without knowing what a value is about. `loadConfig` finds the others.

import { z } from 'zod';

import { fileSchema } from './file-schema.ts';

/** JSON Schema draft 7, the one that editors' YAML support is built on. */
export function createJsonSchema(): z.core.ZodStandardJSONSchemaPayload<typeof fileSchema> {
  return z.toJSONSchema(fileSchema, { target: 'draft-7', io: 'input' });
}
