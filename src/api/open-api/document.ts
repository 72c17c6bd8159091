// The OpenAPI 3.1 document of `/v1`, made from the operations' schemas.
// https://spec.openapis.org/oas/v3.1.1.html

import type { Hono } from 'hono';
import { z } from 'zod';
import type { ApiEnv } from '../access/person.ts';
import { problem } from './answer-schemas.ts';
import { operations, type Operation } from './operations.ts';

export function addOpenApiRoute(
  app: Hono<ApiEnv>,
  { version }: { readonly version: string },
): void {
  let document: object | null = null;
  app.get('/v1/openapi.json', (context) => {
    document ??= describeApi(version);
    return context.json(document);
  });
}

export function describeApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:([a-z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation) };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Foretide',
      version,
      summary: 'See, understand and steer a running controller',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'foretide_session' },
      },
      responses: {
        problem: {
          description: 'A problem (RFC 9457); docs/http.md lists the codes',
          content: { 'application/problem+json': { schema: toSchema(problem) } },
        },
      },
    },
  };
}

function describeOperation(operation: Operation): object {
  const { answer, body, method, path, role, status = 200, summary } = operation;
  const type = answer === undefined ? 'text/event-stream' : 'application/json';
  const schema = answer === undefined ? { type: 'string' } : toSchema(answer);
  return {
    operationId: `${method}${path.replaceAll(/[/:.]+(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary,
    description: role === 'anyone' ? 'Needs no token.' : `Needs the role ${role}.`,
    ...(role === 'anyone' && { security: [] }),
    parameters: listParameters(operation),
    ...(body !== undefined && {
      requestBody: {
        required: !isEmpty(body),
        content: { 'application/json': { schema: toSchema(body) } },
      },
    }),
    responses: {
      [status]: { description: summary, content: { [type]: { schema } } },
      default: { $ref: '#/components/responses/problem' },
    },
  };
}

function listParameters({ path, query, takesVersion }: Operation): readonly object[] {
  const inPath = [...path.matchAll(/:([a-z]+)/g)].map(([, name]) => {
    return { name, in: 'path', required: true, schema: { type: 'string' } };
  });
  const inQuery = Object.entries(query?.shape ?? {}).map(([name, field]) => {
    const required = !field.safeParse(undefined).success;
    return { name, in: 'query', required, schema: toSchema(field) };
  });
  const version = {
    name: 'if-match',
    in: 'header',
    required: false,
    description: 'the overridesVersion that was seen; another one now is a 409',
    schema: { type: 'string' },
  };
  return [...inPath, ...inQuery, ...(takesVersion === true ? [version] : [])];
}

function isEmpty(body: z.ZodType): boolean {
  return body instanceof z.ZodObject && Object.keys(body.shape).length === 0;
}

/** As it is written on the wire: before any transformation of ours. */
function toSchema(schema: z.core.$ZodType): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return rest;
}
