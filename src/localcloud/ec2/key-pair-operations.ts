// CreateKeyPair, DescribeKeyPairs and DeleteKeyPair, with real keys.

import { createHash, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { SECOND_MS } from '../../cloud/calendar.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import type { KeyPair } from '../../cloud/model.ts';
import { drawHex, randomStream } from '../../cloud/random.ts';
import type { World } from '../../cloud/world.ts';
import { list, oneOf, operation, required, text } from '../input-shape.ts';
import type { Operations } from '../operations.ts';

export function createKeyPairOperations(world: World): Operations {
  return {
    CreateKeyPair: operation(
      { KeyName: required(text({ min: 1, max: 255 }), ''), KeyType: oneOf(['rsa', 'ed25519']) },
      (input) => {
        const { KeyName: name } = input;
        if (world.keyPairs.has(name)) {
          return refuse('InvalidKeyPair.Duplicate', `The keypair already exists`);
        }
        const type = input.KeyType ?? 'rsa';
        const key = generateKey(type);
        const stream = randomStream(world.options.seed, 'key-pair', world.takeNumber());
        const pair: KeyPair = {
          id: `key-0${drawHex(stream, 16)}`,
          name,
          fingerprint: fingerprintOf(key),
          type,
          createdAt: world.now,
        };
        world.keyPairs.set(name, pair);
        const keyMaterial = key.export({ type: 'pkcs8', format: 'pem' }).toString();
        return succeed({ ...keyPairOutput(pair), keyMaterial });
      },
    ),
    DescribeKeyPairs: operation({ KeyName: list(required(text(), '')) }, (input) => {
      const missing = input.KeyName.find((name) => !world.keyPairs.has(name));
      if (missing !== undefined) {
        return refuse('InvalidKeyPair.NotFound', `The key pair '${missing}' does not exist`);
      }
      const wanted = new Set(input.KeyName);
      const pairs = [...world.keyPairs.values()].filter(
        ({ name }) => wanted.size === 0 || wanted.has(name),
      );
      return succeed({ keySet: pairs.map(keyPairOutput) });
    }),
    DeleteKeyPair: operation({ KeyName: required(text({ min: 1, max: 255 }), '') }, (input) => {
      // "Deleting a key that does not exist succeeds": DeleteKeyPair is idempotent.
      world.keyPairs.delete(input.KeyName);
      return succeed({ return: true });
    }),
  };
}

function keyPairOutput(pair: KeyPair): Readonly<Record<string, unknown>> {
  return {
    keyPairId: pair.id,
    keyName: pair.name,
    keyFingerprint: pair.fingerprint,
    keyType: pair.type,
    createTime: pair.createdAt / SECOND_MS,
  };
}

/** EC2's RSA keys have 2048 bits. */
function generateKey(type: 'rsa' | 'ed25519'): KeyObject {
  return type === 'rsa'
    ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    : generateKeyPairSync('ed25519').privateKey;
}

/** "The SHA-1 digest of the DER-encoded private key": CreateKeyPair. */
function fingerprintOf(key: KeyObject): string {
  const der = key.export({ type: 'pkcs8', format: 'der' });
  const digest = createHash('sha1').update(der).digest('hex');
  return (digest.match(/../gu) ?? []).join(':');
}
