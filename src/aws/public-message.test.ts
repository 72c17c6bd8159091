import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { toPublicMessage } from './public-message.ts';

describe('a public message', () => {
  it.each([
    ['the key AKIAIOSFODNN7EXAMPLE is bad', 'the key AKIA… is bad'],
    ['temporary ASIAIOSFODNN7EXAMPLE', 'temporary ASIA…'],
    ['Credential=AKIA/2024/x, Signature=0af3', 'Credential=…, Signature=…'],
    ['?X-Amz-Security-Token=abc&X-Amz-Date=1', '?X-Amz-Security-Token=…&X-Amz-Date=…'],
    ['x-amz-security-token: abc', 'x-amz-security-token: …'],
    ['cannot reach https://user:word@host/', 'cannot reach https://…@host/'],
    ['cannot reach https://user:w@rd@host/', 'cannot reach https://…@host/'],
    [`message: ${'aB3'.repeat(50)}`, 'message: …'],
    ['first\nsecond', 'first'],
    ['  a\tb ', 'a b'],
    ['User: arn:aws:iam::123456789012:user/x', 'User: arn:aws:iam::123456789012:user/x'],
  ])('of %j is %j', (message, expected) => {
    expect(toPublicMessage(message)).toBe(expected);
  });

  it('is one line of at most 300 characters, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (message) => {
        const line = toPublicMessage(message);
        expect(line.length).toBeLessThanOrEqual(300);
        expect(line).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
