import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLoadLine } from './load-line.ts';

test('the inherited line is cpu in percent, then connections', () => {
  expect(parseLoadLine('37.5,100')).toEqual({
    ok: true,
    value: { signals: { cpu: 0.375, connections: 100 } },
  });
});

test('any percent and count read back as a ratio and that count', () => {
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  fc.assert(
    fc.property(percent, fc.nat(), (cpuPercent, connections) => {
      const parsed = parseLoadLine(`${cpuPercent},${connections}`);
      expect(parsed).toEqual({
        ok: true,
        value: { signals: { cpu: cpuPercent / 100, connections } },
      });
    }),
  );
});

test.each([' 37.5 , 100 ', '37.5,100\n', '+37.5,1e2', '37.5,100.'])(
  'spaces, signs and exponents are read: %j',
  (line) => {
    expect(parseLoadLine(line)).toEqual({
      ok: true,
      value: { signals: { cpu: 0.375, connections: 100 } },
    });
  },
);

test.each([
  ['oversized', `1,${'0'.repeat(127)}`],
  ['malformed', ''],
  ['malformed', '37.5'],
  ['malformed', '37.5,'],
  ['malformed', ',100'],
  ['malformed', '37.5,100,3'],
  ['malformed', '37,5,100'],
  ['malformed', '0x10,5'],
  ['malformed', '{"signals":{"cpu":0.4}}'],
  ['not-finite', 'NaN,100'],
  ['not-finite', '37.5,Infinity'],
  ['not-finite', '1e999,100'],
  ['negative', '-1,100'],
  ['negative', '37.5,-1'],
  ['out-of-range', '100.1,1'],
])('is rejected as %s: %.40j', (reason, line) => {
  expect(parseLoadLine(line)).toEqual({ ok: false, reason });
});

test('no string makes it throw', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.tuple(fc.double(), fc.double()).map((numbers) => numbers.join(',')),
  );
  fc.assert(
    fc.property(line, (text) => {
      parseLoadLine(text);
    }),
  );
});
