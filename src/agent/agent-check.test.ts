import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { describeForBalancer, openAgentCheck, SmoothedLoad, weighFor } from './agent-check.ts';

test.each([
  ['online', 0, 'up ready 100%\n'],
  ['online', 0.25, 'up ready 75%\n'],
  ['online', 1, 'up ready 1%\n'],
  ['online', null, 'up ready 100%\n'],
  ['draining', 0.25, 'drain\n'],
] as const)('an instance that is %s with a load of %s says %j', (state, cpuRatio, line) => {
  expect(describeForBalancer(state, cpuRatio)).toBe(line);
});

test('the weight is whole, from 1 to 100, and never more for more load', () => {
  const ratio = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(ratio, ratio, (a, b) => {
      const [less, more] = a < b ? [a, b] : [b, a];
      expect(weighFor(more)).toBeLessThanOrEqual(weighFor(less));
      for (const weight of [weighFor(a), weighFor(b)]) {
        expect(Number.isInteger(weight) && weight >= 1 && weight <= 100).toBe(true);
      }
    }),
  );
});

test('a spike of a second moves the load little, a minute of it moves it all', () => {
  const load = new SmoothedLoad();
  load.add(0.2, 0);
  load.add(1, 1000);
  expect(load.value).toBeLessThan(0.3);
  for (let second = 2; second <= 61; second += 1) load.add(1, second * 1000);
  expect(load.value).toBeGreaterThan(0.99);
});

test('a client that sends much, or never hangs up, gets its line and is let go', async () => {
  const server = await openAgentCheck({ host: '127.0.0.1', port: 0 }, () => 'drain\n');
  onTestFinished(() => server.close());
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('error', reject);
    socket.on('data', (piece) => (text += piece.toString()));
    socket.once('end', () => {
      resolve(text);
      socket.destroy();
    });
    socket.write('x'.repeat(100_000));
  });
  expect(line).toBe('drain\n');
});
