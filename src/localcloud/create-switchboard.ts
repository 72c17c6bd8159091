// All services and protocols of the local cloud: the registry that a new service is added to.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../cloud/account/account.ts';
import type { EpochMs } from '../cloud/time.ts';
import type { Switchboard } from './answer-call.ts';
import { createAutoScalingService } from './autoscaling/service.ts';
import { createCloudWatchService } from './cloudwatch/cloudwatch-service.ts';
import { createCloudFormationService } from './cloudformation/cloudformation-service.ts';
import { createProvisioner } from './cloudformation/create-provisioner.ts';
import type { Clock } from './clock.ts';
import { createEc2Service } from './ec2/service.ts';
import { createEventsService } from './events/events-service.ts';
import type { createFaultControl } from './fault-control.ts';
import { createIamService } from './iam/iam-service.ts';
import { createJsonProtocol } from './json-wire.ts';
import type { Credentials } from './keyring.ts';
import { createKeyring } from './keyring.ts';
import { createLogsService } from './logs/logs-service.ts';
import { createPollClock } from './poll-clock.ts';
import type { Protocol } from './protocol.ts';
import { QUERY_DIALECTS } from './query-dialects.ts';
import { createQueryProtocol } from './query-protocol.ts';
import type { Service } from './service.ts';
import { createSqsService } from './sqs/sqs-service.ts';
import { createSsmService } from './ssm/ssm-service.ts';
import { createStsService } from './sts/service.ts';
import type { Throttling } from './throttle.ts';
import { createThrottle, DEFAULT_THROTTLING } from './throttle.ts';
import { TIME_ZONES } from './time-zones.ts';

export interface SwitchboardOptions {
  /** Whose signatures are true. None named: any well-formed signature is let in. */
  readonly credentials?: readonly Credentials[];
  readonly throttling?: Throttling;
  /** Further services, and the protocols that reach them. */
  readonly services?: readonly Service[];
  readonly protocols?: readonly Protocol[];
}

export interface SwitchboardParts {
  readonly account: Account;
  /** What the URLs of queues start with. */
  readonly url: string;
  readonly clock: Clock;
  readonly advance: () => EpochMs;
  readonly faults: ReturnType<typeof createFaultControl>;
  readonly closing: AbortSignal;
}

export function createSwitchboard(
  options: SwitchboardOptions,
  parts: SwitchboardParts,
): Switchboard {
  const { account, url, clock, advance, faults, closing } = parts;
  const { world } = account;
  world.attachZones(TIME_ZONES);
  const place = { registry: account.registry, model: world };
  const keyring = createKeyring(options.credentials, account.secrets.sessions);
  const services = [
    createAutoScalingService(world),
    createEc2Service(world, account.registry),
    createStsService(keyring),
    createCloudWatchService(account.cloudWatch),
    createSqsService(account.sqs, url),
    createSsmService(place),
    createEventsService({ bus: account.eventBus, world, sqs: account.sqs }),
    createIamService(place),
    createLogsService(place),
    createCloudFormationService(account.cloudFormation, place),
    ...(options.services ?? []),
  ];
  const byName = new Map(services.map((service) => [service.signingName, service]));
  account.cloudFormation.provisioner = createProvisioner(byName, world, place);
  return {
    protocols: [
      ...(options.protocols ?? []),
      createJsonProtocol(),
      createQueryProtocol(QUERY_DIALECTS),
    ],
    services: byName,
    keyring,
    region: world.options.region,
    accountId: world.options.accountId,
    advance,
    throttle: createThrottle(options.throttling ?? DEFAULT_THROTTLING),
    takeFault: (operation) => faults.take(operation),
    wait: async (wallMs) => {
      await sleep(wallMs, undefined, { signal: closing });
    },
    pollClock: createPollClock(clock, advance),
  };
}
