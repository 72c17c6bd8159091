// STS as far as an SDK needs it to start: who am I, and temporary credentials for a role.

import { succeed } from '../../cloud/fault.ts';
import { SECOND_MS } from '../../cloud/calendar.ts';
import { integer, operation, required, text } from '../input-shape.ts';
import type { Operation, Service } from '../service.ts';
import { createHash } from 'node:crypto';

export function createStsService(): Service {
  return {
    signingName: 'sts',
    operations: new Map([
      ['GetCallerIdentity', getCallerIdentity],
      ['AssumeRole', assumeRole],
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

const assumeRole = operation(
  {
    RoleArn: required(text({ min: 20, max: 2048 }), ''),
    RoleSessionName: required(text({ min: 2, max: 64 }), ''),
    DurationSeconds: integer({ min: 900, max: 43_200 }),
  },
  (input, { now, accountId }) => {
    const roleName = input.RoleArn.slice(input.RoleArn.lastIndexOf('/') + 1);
    const digest = createHash('sha256')
      .update(`${input.RoleArn}\n${input.RoleSessionName}\n${now}`)
      .digest('hex');
    const session = `${roleName}/${input.RoleSessionName}`;
    const roleId = `AROA${digest.slice(0, 17).toUpperCase()}`;
    return succeed({
      Credentials: {
        AccessKeyId: `ASIA${digest.slice(17, 33).toUpperCase()}`,
        SecretAccessKey: digest.slice(0, 40),
        SessionToken: digest,
        Expiration: now / SECOND_MS + (input.DurationSeconds ?? DEFAULT_SESSION_SECONDS),
      },
      AssumedRoleUser: {
        AssumedRoleId: `${roleId}:${input.RoleSessionName}`,
        Arn: `arn:aws:sts::${accountId}:assumed-role/${session}`,
      },
    });
  },
);
