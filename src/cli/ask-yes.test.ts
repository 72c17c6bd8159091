import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askYes } from './ask-yes.ts';

it.each([
  ['y\r', true],
  ['Yes\r', true],
  ['n\r', false],
  ['\r', false],
  ['yesterday\r', false],
  ['\u0003', false],
  ['\u0004', false],
])('%j is an answer: %s', async (typed, isYes) => {
  const input = new PassThrough();
  const asked = askYes('Go ahead?', { input, output: new PassThrough() });
  input.write(typed);
  expect(await asked).toBe(isYes);
});

it('an input that ends is no yes', async () => {
  const input = new PassThrough();
  const asked = askYes('Go ahead?', { input, output: new PassThrough() });
  input.end();
  expect(await asked).toBe(false);
});
