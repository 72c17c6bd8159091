import { expect, it } from 'vitest';
import { judgeSkew } from './check-clock.ts';

it.each([
  [0, 'ok'],
  [-2_000, 'ok'],
  [2_001, 'warn'],
  [-299_999, 'warn'],
  [300_000, 'fail'],
  [Number.NaN, 'warn'],
])('a clock that is %d ms off is %s', (skewMs, level) => {
  expect(judgeSkew(skewMs).level).toBe(level);
});
