// Writes what is made from the schema of the configuration file: the JSON Schema for editors, and
// the tables of docs/config.md. Run by `npm run schema`; a test compares.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { createJsonSchema } from '../src/config/json-schema.ts';
import { createReference, insertReference } from '../src/config/reference.ts';

const docs = join(import.meta.dirname, '../docs');
const schema = createJsonSchema();
await writeFile(join(docs, 'foretide.schema.json'), `${JSON.stringify(schema, null, 2)}\n`);

const pagePath = join(docs, 'config.md');
const page = await readFile(pagePath, 'utf8');
await writeFile(pagePath, insertReference(page, createReference({ ...schema })));
