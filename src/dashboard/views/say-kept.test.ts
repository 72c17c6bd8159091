import { expect, test } from 'vitest';
import { sayKept } from './say-kept.ts';

test.each([
  [
    { ratio: 1, kept: 50, late: 0, unknown: 0 },
    { share: '100%', note: '0 of 50 late' },
  ],
  [
    { ratio: 99_999 / 100_000, kept: 99_999, late: 1, unknown: 0 },
    { share: '99.9%', note: '1 of 100,000 late' },
  ],
  [
    { ratio: 0.5, kept: 1, late: 1, unknown: 3 },
    { share: '50%', note: '1 of 2 late, 3 of unknown age' },
  ],
  [
    { ratio: null, kept: 0, late: 0, unknown: 7 },
    { share: 'not known', note: '7 messages of unknown age' },
  ],
  [
    { ratio: null, kept: 0, late: 0, unknown: 0 },
    { share: '–', note: 'nothing was done' },
  ],
])('%j reads as %j', (share, said) => {
  expect(sayKept(share)).toEqual(said);
});
