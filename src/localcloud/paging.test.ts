// Pages: everything once, also while items come and go.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortByKey, takePage } from './paging.ts';

const keys = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 60 });

describe('pages', () => {
  it('show every item once, in order', () => {
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 20 }), (names, size) => {
        const items = sortByKey(names, (name) => name);
        const seen: string[] = [];
        let token: string | undefined;
        do {
          const page = takePage(items, (name) => name, { size, token });
          if (!page.ok) throw new Error(page.fault.message);
          expect(page.value.items.length).toBeLessThanOrEqual(size);
          seen.push(...page.value.items);
          token = page.value.nextToken;
        } while (token !== undefined);
        expect(seen).toEqual(items);
      }),
    );
  });

  it('neither repeat nor hide what stays while others go', () => {
    const items = ['a', 'b', 'c', 'd', 'e'];
    const first = takePage(items, (name) => name, { size: 2, token: undefined });
    const token = first.ok ? first.value.nextToken : undefined;
    const rest = items.filter((name) => name !== 'a' && name !== 'b');
    const second = takePage(rest, (name) => name, { size: 2, token });
    expect(second.ok && second.value.items).toEqual(['c', 'd']);
  });

  it.each(['', 'nonsense', 'YWZ0ZXI'])('refuse the token %j', (token) => {
    const page = takePage(['a'], (name) => name, { size: 1, token });
    expect(page).toMatchObject({ ok: false, fault: { code: 'InvalidNextToken', status: 400 } });
  });
});
