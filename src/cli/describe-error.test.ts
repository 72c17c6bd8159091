import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { describeError } from './describe-error.ts';

it.each([
  ['/nowhere/at/all', 'no such file or directory'],
  [tmpdir(), 'illegal operation on a directory'],
])('says of %s what the system says of it', (path, words) => {
  let thrown: unknown;
  try {
    readFileSync(path);
  } catch (error) {
    thrown = error;
  }
  expect(describeError(thrown)).toBe(words);
});

it('says anything else as it stands', () => {
  expect(describeError(new Error('not today'))).toBe('not today');
  expect(describeError('no')).toBe('no');
});
