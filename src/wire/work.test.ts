import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseReport } from './report.ts';
import { durationMsMax, finishedPerReportMax, messageAgeMsMax, parseWork } from './work.ts';

const finished = fc.record(
  {
    class: fc.constantFrom('default', 'resize', 'a.b:c-d_e'),
    durationMs: fc.double({ min: 0.001, max: durationMsMax, noNaN: true }),
    outcome: fc.constantFrom('done' as const, 'failed' as const, 'returned' as const),
    ageMs: fc.nat({ max: messageAgeMsMax }),
    group: fc.constantFrom('a1b2c3', 'tenant-7', 'x'.repeat(64)),
  },
  { requiredKeys: ['class', 'durationMs', 'outcome'] },
);

test('what a report says of work is read as it was written', () => {
  const work = fc.record({
    finished: fc.array(finished, { maxLength: finishedPerReportMax }),
    omitted: fc.nat(),
  });
  fc.assert(
    fc.property(work, (written) => {
      const text = JSON.stringify({ signals: { workInHand: 2 }, work: written });
      expect(parseReport(text)).toEqual({
        ok: true,
        value: { signals: { workInHand: 2 }, work: written },
      });
    }),
  );
});

test('whatever is sent, it is read or rejected', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const parsed = parseWork(value);
      if (!parsed.ok) return;
      for (const { durationMs } of parsed.value.finished) expect(durationMs).toBeGreaterThan(0);
    }),
  );
});

test('only the time is required', () => {
  expect(parseWork({ finished: [{ durationMs: 25_000 }] })).toEqual({
    ok: true,
    value: {
      finished: [{ class: 'default', durationMs: 25_000, outcome: 'done' }],
      omitted: 0,
    },
  });
});

test('a report with too much work is rejected whole', () => {
  const many = Array.from({ length: finishedPerReportMax + 1 }, () => ({ durationMs: 1 }));
  const text = JSON.stringify({ signals: {}, work: { finished: many } });
  expect(parseReport(text)).toEqual({ ok: false, reason: 'oversized' });
});

test.each([
  [-1, 'negative'],
  [messageAgeMsMax + 1, 'out-of-range'],
  ['61000', 'wrong-type'],
  [null, 'wrong-type'],
])('a message %s ms old is rejected as %s', (ageMs, reason) => {
  const parsed = parseWork({ finished: [{ durationMs: 25_000, ageMs }] });
  expect(parsed).toEqual({ ok: false, reason });
});

test.each(['', 'two words', 'x'.repeat(65), 'né'])('a message group may not be %j', (group) => {
  const read = parseWork({ finished: [{ durationMs: 1, group }] });
  expect(read).toEqual({ ok: false, reason: 'bad-name' });
});
