import { describe, expect, it } from 'vitest';
import { readExamples } from '../testing/documented-examples.ts';
import { createFakeApi, createFakeController } from '../testing/fake-controller.ts';
import { problem } from './answer-schemas.ts';
import { describeApi } from './document.ts';
import { operations, type Operation } from './operations.ts';

const examples = readExamples().filter(({ request }) => request.path.startsWith('/v1/'));

function findOperation(method: string | undefined, url: string): Operation | undefined {
  const path = url.split('?')[0] ?? '';
  return operations.find((one) => {
    const pattern = new RegExp(`^${one.path.replaceAll(/:[a-z]+/g, '[^/]+')}$`);
    return one.method === method?.toLowerCase() && pattern.test(path);
  });
}

describe('the OpenAPI document', () => {
  it('has every route of /v1 and no other', () => {
    const api = createFakeApi(createFakeController());
    const routes = api.web.routes
      .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/v1/'))
      .map(({ method, path }) => `${method.toLowerCase()} ${path}`);
    const described = operations.map(({ method, path }) => `${method} ${path}`);
    expect(described.toSorted()).toEqual(routes.toSorted());
  });

  it.each(examples.map((example, index) => ({ ...example, index })))(
    'is true of documented example $index: $request.method $request.path',
    ({ request, status, text, type }) => {
      const operation = findOperation(request.method, request.path);
      if (operation === undefined) throw new Error('the document does not have it');
      if (type === 'text/event-stream') return expect(operation.answer).toBeUndefined();
      const schema = type.includes('problem') ? problem : operation.answer;
      expect(schema?.safeParse(JSON.parse(text))).toMatchObject({ success: true });
      if (status >= 300 || request.body === undefined) return;
      expect(operation.body?.safeParse(JSON.parse(request.body))).toMatchObject({ success: true });
    },
  );

  it('is one of version 3.1 whose references lead somewhere', () => {
    const document = describeApi('0.1.0');
    expect(document).toMatchObject({
      openapi: '3.1.1',
      paths: {
        '/v1/groups/{group}/set': {
          post: {
            operationId: 'postV1GroupsGroupSet',
            requestBody: {
              content: {
                'application/json': { schema: { required: ['desired', 'why'] } },
              },
            },
          },
        },
      },
    });
    const text = JSON.stringify(document);
    for (const [, reference = ''] of text.matchAll(/"\$ref":"([^"]*)"/g)) {
      expect(reference).toBe('#/components/responses/problem');
    }
    const ids = [...text.matchAll(/"operationId":"([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(operations.length);
  });
});
