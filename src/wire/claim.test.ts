import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupClaim, parseClaim } from './claim.ts';

const claim: GroupClaim = {
  controller: 'c-1',
  since: 1_790_000_000_000,
  durationMs: 15_000,
};

describe('group claim', () => {
  it('reads back what was written', () => {
    expect(parseClaim(JSON.stringify({ ...claim, later: 'addition' }))).toEqual({
      ok: true,
      value: claim,
    });
  });

  it('takes an empty payload for a group that was given up', () => {
    expect(parseClaim('')).toEqual({ ok: true, value: null });
  });

  it.each([
    ['[]', 'malformed'],
    ['{"controller":"c-1"', 'malformed'],
    [JSON.stringify({ ...claim, durationMs: '15s' }), 'wrong-type'],
    [JSON.stringify({ ...claim, since: undefined }), 'wrong-type'],
    [JSON.stringify({ ...claim, controller: '' }), 'out-of-range'],
    [JSON.stringify({ ...claim, durationMs: -1 }), 'negative'],
    [JSON.stringify({ ...claim, durationMs: 3_600_001 }), 'out-of-range'],
    ['{"controller":"c-1","durationMs":1,"since":1e999}', 'not-finite'],
    [`${JSON.stringify(claim)}${' '.repeat(16_384)}`, 'oversized'],
  ])('rejects %s as %s', (text, reason) => {
    expect(parseClaim(text)).toEqual({ ok: false, reason });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseClaim(text)));
  });
});
