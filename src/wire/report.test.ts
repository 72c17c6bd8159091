import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ageMsMax,
  isSignalName,
  parseReport,
  payloadBytesMax,
  signalsPerReportMax,
} from './report.ts';

const letter = fc.constantFrom(...'abcXYZ');
const rest = fc.string({ unit: fc.constantFrom(...'abcXYZ019_.:-'), maxLength: 63 });
const signalName = fc.tuple(letter, rest).map(([first, others]) => first + others);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const quantity = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true });
const signals = fc
  .array(fc.tuple(signalName, share), { maxLength: signalsPerReportMax })
  .map((entries) => Object.fromEntries(entries));
const report = fc.record(
  {
    signals,
    ageMs: fc.double({ min: 0, max: ageMsMax, noNaN: true }),
    sequence: fc.nat(),
    session: fc.string({ maxLength: 64 }),
    sentAt: quantity,
    intervalMs: fc.double({ min: 0, max: 3_600_000, noNaN: true }),
  },
  { requiredKeys: ['signals'] },
);

/** JSON has no −0: it comes back as 0. */
function asJsonKeepsIt(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test('a report reads back as it was written', () => {
  fc.assert(
    fc.property(report, (sent) => {
      const text = JSON.stringify(sent);
      fc.pre(text.length <= payloadBytesMax);
      expect(parseReport(text)).toEqual({ ok: true, value: asJsonKeepsIt(sent) });
    }),
  );
});

test('signals alone are a report, so that a shell script can be an agent', () => {
  expect(parseReport('{"signals":{"cpu":0.42}}')).toEqual({
    ok: true,
    value: { signals: { cpu: 0.42 } },
  });
});

test('members that are not known are ignored', () => {
  expect(parseReport('{"signals":{},"colour":"red","version":9}')).toEqual({
    ok: true,
    value: { signals: {} },
  });
});

test('a signal that is no share may be above 1', () => {
  expect(parseReport('{"signals":{"requests":1e6}}').ok).toBe(true);
});

const tooManySignals = Object.fromEntries(
  Array.from({ length: signalsPerReportMax + 1 }, (_, index) => [`s${index}`, 1]),
);

test.each([
  ['oversized', JSON.stringify({ signals: {}, padding: 'x'.repeat(payloadBytesMax) })],
  ['malformed', ''],
  ['malformed', '{"signals":{"cpu":0.4}'],
  ['malformed', '[{"signals":{}}]'],
  ['malformed', 'null'],
  ['malformed', '{"signals":{"cpu":NaN}}'],
  ['malformed', '37.5,100'],
  ['wrong-type', '{}'],
  ['wrong-type', '{"signals":[0.4]}'],
  ['wrong-type', '{"signals":null}'],
  ['wrong-type', '{"signals":{"cpu":"0.4"}}'],
  ['wrong-type', '{"signals":{"cpu":null}}'],
  ['wrong-type', '{"signals":{},"ageMs":"5"}'],
  ['wrong-type', '{"signals":{},"sequence":[]}'],
  ['wrong-type', '{"signals":{},"session":7}'],
  ['not-finite', '{"signals":{"requests":1e999}}'],
  ['not-finite', '{"signals":{},"sentAt":1e999}'],
  ['negative', '{"signals":{"requests":-1}}'],
  ['negative', '{"signals":{},"ageMs":-1}'],
  ['out-of-range', '{"signals":{"cpu":37.5}}'],
  ['out-of-range', '{"signals":{"heapRatio":1.01}}'],
  ['out-of-range', '{"signals":{},"intervalMs":3600001}'],
  ['out-of-range', JSON.stringify({ signals: {}, session: 'x'.repeat(65) })],
  ['bad-name', '{"signals":{"":1}}'],
  ['bad-name', '{"signals":{"9lives":1}}'],
  ['bad-name', '{"signals":{"__proto__":1}}'],
  ['bad-name', '{"signals":{"two words":1}}'],
  ['bad-name', JSON.stringify({ signals: { [`x${'y'.repeat(64)}`]: 1 } })],
  ['too-many-signals', JSON.stringify({ signals: tooManySignals })],
  ['too-old', `{"signals":{},"ageMs":${ageMsMax + 1}}`],
])('is rejected as %s: %.60s', (reason, text) => {
  expect(parseReport(text)).toEqual({ ok: false, reason });
});

test('a signal named like a member of every object is a signal and nothing else', () => {
  const parsed = parseReport('{"signals":{"constructor":1,"toString":2}}');
  expect(parsed).toEqual({ ok: true, value: { signals: { constructor: 1, toString: 2 } } });
});

test('no string makes it throw, and what it accepts is finite, named and in range', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record({ signals: fc.jsonValue(), ageMs: fc.jsonValue() })
      .map((body) => JSON.stringify(body)),
    fc.dictionary(fc.string(), fc.double()).map((body) => JSON.stringify({ signals: body })),
  );
  fc.assert(
    fc.property(text, (payload) => {
      const parsed = parseReport(payload);
      if (!parsed.ok) return;
      for (const [name, value] of Object.entries(parsed.value.signals)) {
        expect(isSignalName(name)).toBe(true);
        expect(Number.isFinite(value) && value >= 0).toBe(true);
      }
    }),
  );
});
