import { describe, expect, it } from 'vitest';
import { describeAddress, parseBrokerUrl } from './broker-address.ts';

describe('broker URL', () => {
  it.each([
    ['mqtt://broker', 'mqtt://broker:1883'],
    ['mqtts://broker.example.com', 'mqtts://broker.example.com:8883'],
    ['mqtt://10.0.0.1:2883/', 'mqtt://10.0.0.1:2883'],
    ['mqtt://[::1]:1884', 'mqtt://[::1]:1884'],
    ['mqtts://user:pass@broker', 'mqtts://broker:8883'],
  ])('%s is %s', (url, expected) => {
    const outcome = parseBrokerUrl(url);
    expect(outcome.ok ? describeAddress(outcome.address) : outcome.message).toBe(expected);
  });

  it('may hold a login, percent-encoded', () => {
    const outcome = parseBrokerUrl('mqtt://web%2Fi-1:p%40ss@broker');
    expect(outcome).toMatchObject({ ok: true, address: { userName: 'web/i-1', password: 'p@ss' } });
    expect(parseBrokerUrl('mqtt://broker')).toMatchObject({
      address: { userName: null, password: null },
    });
  });

  it.each([
    ['broker:1883', /found broker:\/\/, expected mqtt:/],
    ['not a url', /found no URL/],
    ['http://u:secret@broker', /found http:\/\//],
    ['mqtt://', /found no/],
    ['mqtt://u:secret@broker/topic', /found more than host and port/],
    ['mqtt://u:secret%@broker', /not percent-encoded/],
  ])('%s is refused in a line that repeats no secret', (url, expected) => {
    const outcome = parseBrokerUrl(url);
    expect(outcome.ok ? '' : outcome.message).toMatch(expected);
    expect(outcome.ok ? '' : outcome.message).not.toContain('secret');
  });
});
