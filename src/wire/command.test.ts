import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandIntervalMsMax, commandIntervalMsMin, parseCommand } from './command.ts';
import { payloadBytesMax } from './report.ts';

const intervalMs = fc.double({ min: commandIntervalMsMin, max: commandIntervalMsMax, noNaN: true });

test('every command reads back as it was written', () => {
  const command = fc.oneof(
    fc.record({ command: fc.constantFrom('drain', 'undrain') }),
    fc.record({ command: fc.constant('set-interval'), intervalMs }),
  );
  fc.assert(
    fc.property(command, (sent) => {
      expect(parseCommand(JSON.stringify(sent))).toEqual({ ok: true, value: sent });
    }),
  );
});

test('nothing that is not of the command comes through', () => {
  expect(parseCommand('{"command":"drain","run":"reboot","intervalMs":5}')).toEqual({
    ok: true,
    value: { command: 'drain' },
  });
});

test.each([
  ['oversized', JSON.stringify({ command: 'drain', padding: 'x'.repeat(payloadBytesMax) })],
  ['malformed', ''],
  ['malformed', 'drain'],
  ['malformed', '"drain"'],
  ['wrong-type', '{}'],
  ['wrong-type', '{"command":"reboot"}'],
  ['wrong-type', '{"command":["drain"]}'],
  ['wrong-type', '{"command":"set-interval"}'],
  ['wrong-type', '{"command":"set-interval","intervalMs":"1s"}'],
  ['not-finite', '{"command":"set-interval","intervalMs":1e999}'],
  ['out-of-range', `{"command":"set-interval","intervalMs":${commandIntervalMsMin - 1}}`],
  ['out-of-range', `{"command":"set-interval","intervalMs":${commandIntervalMsMax + 1}}`],
  ['out-of-range', '{"command":"set-interval","intervalMs":-1000}'],
])('is rejected as %s: %.60s', (reason, text) => {
  expect(parseCommand(text)).toEqual({ ok: false, reason });
});

test('no string makes it throw', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record({ command: fc.constant('set-interval'), intervalMs: fc.jsonValue() })
      .map((body) => JSON.stringify(body)),
  );
  fc.assert(
    fc.property(text, (payload) => {
      parseCommand(payload);
    }),
  );
});
