// STS as far as an SDK needs it to start: who am I, and temporary credentials for a role.

import { randomBytes } from 'node:crypto';
import { SECOND_MS } from '../../cloud/calendar.ts';
import { refuse, succeed } from '../../cloud/fault.ts';
import { integer, operation, required, text } from '../input-shape.ts';
import type { Keyring } from '../keyring.ts';
import type { Operation, Service } from '../service.ts';

export function createStsService(keyring: Keyring): Service {
  return {
    signingName: 'sts',
    operations: new Map([
      ['GetCallerIdentity', getCallerIdentity],
      ['AssumeRole', createAssumeRole(keyring)],
    ]),
  };
}

const getCallerIdentity: Operation = (_input, { accountId }) =>
  succeed({
    UserId: accountId,
    Account: accountId,
    Arn: `arn:aws:iam::${accountId}:root`,
  });

/** AWS's default duration of a role session. */
const DEFAULT_SESSION_SECONDS = 3600;

/** No policy is checked: every caller may assume every role. */
function createAssumeRole(keyring: Keyring): Operation {
  return operation(
    {
      RoleArn: required(text({ min: 20, max: 2048 }), ''),
      RoleSessionName: required(text({ min: 2, max: 64 }), ''),
      DurationSeconds: integer({ min: 900, max: 43_200 }),
    },
    (input, { now, accountId }) => {
      const role = /^arn:aws[\w-]*:iam::\d{12}:role\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/u.exec(
        input.RoleArn,
      );
      const roleName = role?.[1];
      if (roleName === undefined) return refuse('ValidationError', `${input.RoleArn} is invalid`);
      const credentials = {
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
      };
      const seconds = input.DurationSeconds ?? DEFAULT_SESSION_SECONDS;
      keyring.addSession(credentials, now + seconds * SECOND_MS);
      return succeed({
        Credentials: {
          AccessKeyId: credentials.accessKeyId,
          SecretAccessKey: credentials.secretAccessKey,
          SessionToken: randomBytes(64).toString('base64'),
          Expiration: now / SECOND_MS + seconds,
        },
        AssumedRoleUser: {
          AssumedRoleId: `AROA${roleName.toUpperCase()}:${input.RoleSessionName}`,
          Arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${input.RoleSessionName}`,
        },
      });
    },
  );
}
