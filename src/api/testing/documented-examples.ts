// The examples of docs/http.md: each a request, followed by what is answered to it.

import { readFileSync } from 'node:fs';
import type { Exchange } from './exchange.ts';

export interface DocumentedExample {
  readonly request: Exchange;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export const httpPage = readFileSync(new URL('../../../docs/http.md', import.meta.url), 'utf8');

export function readExamples(): readonly DocumentedExample[] {
  const blocks = [...httpPage.matchAll(/^```http\n([^]*?)^```$/gm)].map(([, block]) => block ?? '');
  const examples: DocumentedExample[] = [];
  for (let index = 0; index < blocks.length; index += 2) {
    examples.push(readExample(blocks[index] ?? '', blocks[index + 1] ?? ''));
  }
  return examples;
}

function readExample(request: string, answer: string): DocumentedExample {
  const [head = '', body] = request.split('\n\n');
  const [line = '', ...headerLines] = head.trim().split('\n');
  const [method = '', path = ''] = line.split(' ');
  const headers = Object.fromEntries(headerLines.map((one) => one.split(': ')));
  const [answerLine = '', ...rest] = answer.split('\n');
  return {
    request: { method, path, headers, ...(body === undefined ? {} : { body: body.trim() }) },
    status: Number(answerLine.slice(0, 3)),
    type: answerLine.slice(4),
    text: rest.slice(1).join('\n'),
  };
}
