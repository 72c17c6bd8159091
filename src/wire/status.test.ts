import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payloadBytesMax } from './report.ts';
import { instanceStates, parseStatus } from './status.ts';

const fact = fc.string({ maxLength: 128 });
const status = fc.record(
  {
    state: fc.constantFrom(...instanceStates),
    session: fact,
    agentVersion: fact,
    instanceType: fact,
    zone: fact,
    lifeCycle: fact,
    intervalMs: fc.nat(),
  },
  { requiredKeys: ['state'] },
);

test('a status reads back as it was written', () => {
  fc.assert(
    fc.property(status, (sent) => {
      expect(parseStatus(JSON.stringify(sent))).toEqual({ ok: true, value: sent });
    }),
  );
});

test('an empty payload, a cleared retained message, is offline', () => {
  expect(parseStatus('')).toEqual({ ok: true, value: { state: 'offline' } });
});

test.each([
  ['oversized', JSON.stringify({ state: 'online', padding: 'x'.repeat(payloadBytesMax) })],
  ['malformed', 'online'],
  ['malformed', '["online"]'],
  ['wrong-type', '{}'],
  ['wrong-type', '{"state":"asleep"}'],
  ['wrong-type', '{"state":"online","zone":1}'],
  ['wrong-type', '{"state":"online","intervalMs":"1s"}'],
  ['not-finite', '{"state":"online","intervalMs":1e999}'],
  ['negative', '{"state":"online","intervalMs":-1}'],
  ['out-of-range', JSON.stringify({ state: 'online', zone: 'x'.repeat(129) })],
])('is rejected as %s: %.60s', (reason, text) => {
  expect(parseStatus(text)).toEqual({ ok: false, reason });
});

test('no string makes it throw', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record({ state: fc.constantFrom(...instanceStates), zone: fc.jsonValue() })
      .map((body) => JSON.stringify(body)),
  );
  fc.assert(
    fc.property(text, (payload) => {
      parseStatus(payload);
    }),
  );
});
