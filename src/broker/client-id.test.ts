import { describe, expect, it } from 'vitest';
import { generateClientId, isGeneratedClientId } from './client-id.ts';

describe('client id', () => {
  it.each([
    '',
    'auto-6F9619FF-8B86-D011-B42D-00CF4FC964FF',
    'mosq-7Vw5vVvVfQmUL2VVxV',
    'mosqpub|4242-web-1',
    'mosqpub/4242-web-1',
    'mosqsub|4242-web-1',
    'mqttjs_0a1b2c3d',
    'paho1234567890',
    generateClientId(),
  ])('%s is made up by a library', (id) => {
    expect(isGeneratedClientId(id)).toBe(true);
  });

  it.each(['i-0abc', 'web-1', 'mosquito-farm', 'mqttjs', 'mqttjs_of-bob', 'automatic', 'paho'])(
    '%s is chosen',
    (id) => {
      expect(isGeneratedClientId(id)).toBe(false);
    },
  );

  it('is never made up twice', () => {
    expect(generateClientId()).not.toBe(generateClientId());
  });
});
