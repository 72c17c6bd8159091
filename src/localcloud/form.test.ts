// Forms: nesting, lists, and what senders get wrong.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readForm } from './form.ts';

function read(form: string): unknown {
  const outcome = readForm(form);
  // Records have no prototype, which `toEqual` does not mind.
  return outcome.ok ? structuredClone(toPlain(outcome.value)) : outcome.fault.code;
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, toPlain(member)]));
}

describe('forms', () => {
  it.each([
    ['A=1&B=x%20y', { A: '1', B: 'x y' }],
    ['T.member.1.K=a&T.member.1.V=b&T.member.2.K=c', { T: [{ K: 'a', V: 'b' }, { K: 'c' }] }],
    ['L.member.2=b&L.member.1=a&L.member.10=c', { L: ['a', 'b', 'c'] }],
    ['InstanceId.1=a&InstanceId.2=b', { InstanceId: ['a', 'b'] }],
    ['F.1.Name=n&F.1.Value.1=v', { F: [{ Name: 'n', Value: ['v'] }] }],
    ['S.A.B=1', { S: { A: { B: '1' } } }],
    ['L=', { L: '' }],
    ['', {}],
  ])('%s', (form, expected) => {
    expect(read(form)).toEqual(expected);
  });

  it.each(['A=1&A.B=2', 'A.B=2&A=1', `${'a.'.repeat(20)}b=1`, 'a=1&'.repeat(10_001)])(
    'is malformed where a value is a structure, too deep or too long',
    (form) => {
      expect(read(form)).toBe('MalformedInput');
    },
  );

  it('takes any bytes without harm', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (form) => {
        readForm(form);
        readForm(`__proto__.x=1&${form}`);
        expect(Object.prototype).not.toHaveProperty('x');
      }),
    );
  });
});
