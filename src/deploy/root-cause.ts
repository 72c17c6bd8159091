// Why a stack failed, from its events: the first resource that really failed, and not the dozens that
// were cancelled because of it.

import type { StackEvent } from '@aws-sdk/client-cloudformation';

export interface RootCause {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly reason: string;
}

/** [UG] of CloudFormation, "Resource creation cancelled": said of what others brought down. */
const followed =
  /^(Resource (creation|update) cancelled|The following resource\(s\) failed|Delete canceled)/iu;

/** `events` in the order in which they came; null if no resource failed. */
export function findRootCause(events: readonly StackEvent[]): RootCause | null {
  const failed = events.find(
    ({ LogicalResourceId, ResourceStatus, ResourceStatusReason, StackName }) =>
      ResourceStatus?.endsWith('_FAILED') === true &&
      LogicalResourceId !== StackName &&
      !followed.test(ResourceStatusReason ?? ''),
  );
  if (failed === undefined) return null;
  return {
    logicalId: failed.LogicalResourceId ?? '?',
    type: failed.ResourceType ?? '?',
    physicalId: failed.PhysicalResourceId ?? '',
    reason: failed.ResourceStatusReason ?? 'no reason was given',
  };
}

/** One sentence with the next step. */
export function explainRootCause({ logicalId, physicalId, reason, type }: RootCause): string {
  const next = nextSteps.find(([pattern]) => pattern.test(reason))?.[1];
  const what = `${logicalId} (${type}${physicalId === '' ? '' : ` ${physicalId}`})`;
  return `${what}: ${reason.replace(/\.$/, '')}${next === undefined ? '' : `; ${next(physicalId)}`}`;
}

const nextSteps: readonly (readonly [pattern: RegExp, step: (id: string) => string])[] = [
  [
    /bucket .*not empty/iu,
    (id) =>
      `empty it with every version ("aws s3 rm s3://${id} --recursive", then its versions) and try again`,
  ],
  [
    /DependencyViolation|has dependencies|dependent object/u,
    (id) =>
      'something outside of the stack is in it, mostly a network interface: "aws ec2 ' +
      `describe-network-interfaces --filters Name=${id.startsWith('sg-') ? 'group-id' : 'subnet-id'},Values=${id}" ` +
      'names it; delete that and try again',
  ],
  [
    /currently in use|in use/u,
    () => 'something outside of the stack uses it; detach it and try again',
  ],
  [
    /already exists|AlreadyExists/u,
    () => 'choose another name with --set, or remove the one that is there',
  ],
  [
    /not authorized|AccessDenied|Unauthorized/u,
    () => 'the deploy role lacks a right, see docs/deploy.md',
  ],
  [/limit|quota/iu, () => 'ask for a higher quota in Service Quotas, or take something down'],
  [
    /disableApiTermination|termination protection/iu,
    () => 'lift the protection of that instance and try again',
  ],
];
