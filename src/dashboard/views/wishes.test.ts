import { describe, expect, it } from 'vitest';
import { findMistake, readSize, toBody, type Draft } from './wishes.ts';

const draft: Draft = { kind: 'set', size: '8', lasts: '30m', mode: 'active', why: 'a test' };
const bounds = { min: 2, max: 40 };

describe('what is asked of a group', () => {
  it.each(['', '-5', '1.5', '1e9', '9999999', 'many'])('is no size: %j', (size) => {
    const mistake = findMistake({ ...draft, size }, bounds);
    expect(mistake).toMatch(/the size is .*; allowed: a whole number from 2 to 40/);
    expect(readSize(size)).toBeNull();
  });

  it('may be any whole number, of which the controller says whether it is allowed', () => {
    for (const size of ['0', '8', ' 41 ']) {
      expect(findMistake({ ...draft, size }, bounds)).toBeNull();
    }
    expect(toBody({ ...draft, size: ' 41 ' }, false)).toEqual({
      desired: 41,
      for: '30m',
      why: 'a test',
    });
  });

  it('needs no size where none is asked for', () => {
    expect(findMistake({ ...draft, kind: 'pause', size: '' }, bounds)).toBeNull();
  });
});
