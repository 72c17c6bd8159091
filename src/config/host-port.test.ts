import { describe, expect, it } from 'vitest';

import { formatHostPort, isLoopback, parseHostPort, requireHostPort } from './host-port.ts';

describe('an address to listen on', () => {
  it.each([
    ['127.0.0.1:1883', '127.0.0.1', 1883, true],
    ['127.9.9.9:0', '127.9.9.9', 0, true],
    ['[::1]:8080', '::1', 8080, true],
    ['localhost:80', 'localhost', 80, true],
    ['LocalHost:80', 'LocalHost', 80, true],
    ['0.0.0.0:1883', '0.0.0.0', 1883, false],
    ['[::]:1883', '::', 1883, false],
    ['broker.example.com:65535', 'broker.example.com', 65_535, false],
    // A name that only looks like loopback is somebody else's.
    ['127.0.0.1.example.com:1', '127.0.0.1.example.com', 1, false],
    ['localhost.example.com:1', 'localhost.example.com', 1, false],
    ['[::ffff:127.0.0.1]:1', '::ffff:127.0.0.1', 1, false],
  ])('%s', (text, host, port, loopback) => {
    const address = requireHostPort(text);
    expect(address).toEqual({ host, port });
    expect(isLoopback(address)).toBe(loopback);
    expect(formatHostPort(address)).toBe(text);
  });

  it.each(['', '1883', ':1883', 'localhost', 'a:b', '::1:80', '127.0.0.1:65536', 'a b:1', 'a:1/x'])(
    'is not %j',
    (text) => {
      expect(parseHostPort(text)).toBeNull();
      expect(() => requireHostPort(text)).toThrow('bad address');
    },
  );
});
