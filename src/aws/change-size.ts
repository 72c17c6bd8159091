// Changes a group's size, by setting it or by ending one launch, or its warm pool, and finds out what
// came of it: also whether a call that failed may have happened all the same.

import {
  type AutoScalingClient,
  PutWarmPoolCommand,
  SetDesiredCapacityCommand,
  TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';

import type {
  CancelLaunchRequest,
  PutWarmPoolRequest,
  SetDesiredRequest,
} from '../controller/ports/scaling-target.ts';
import type { CallOutcome } from '../core/decision.ts';
import type { AutoScalingConnection } from './auto-scaling-clients.ts';
import { callAws } from './call.ts';
import { classifyError, mayHaveHappened, toActuation } from './errors.ts';
import type { AwsLimits } from './limits.ts';

/**
 * The fate of a call's attempts. Needed because the SDK tries again by itself: when the answer to
 * the first attempt is lost, the refusal of the second ("an activity is in progress", "the instance
 * is not in service") may be the first one's own doing.
 */
interface AttemptLog {
  isSending: boolean;
  mayBeDone: boolean;
}

/**
 * Never rejects. `accepted` also when the group had that size already: AWS answers both alike, so
 * that `unchanged` is not known here.
 */
export async function setDesired(
  request: SetDesiredRequest,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<CallOutcome> {
  const command = new SetDesiredCapacityCommand({
    AutoScalingGroupName: request.address.autoScalingGroup,
    DesiredCapacity: request.desired,
    HonorCooldown: request.honorCooldown,
  });
  const log: AttemptLog = { isSending: false, mayBeDone: false };
  command.middlewareStack.add(noteAttempts(log), lastBeforeWire);
  const send = async (client: AutoScalingClient, abortSignal: AbortSignal) =>
    await client.send(command, { abortSignal });
  return await change({ name: 'SetDesiredCapacity', send, log }, connection, limits);
}

/**
 * Never rejects. The desired capacity falls in the same call: one that is tried again finds the
 * instance on its way out, and lowers nothing twice.
 */
export async function cancelLaunch(
  request: CancelLaunchRequest,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<CallOutcome> {
  const command = new TerminateInstanceInAutoScalingGroupCommand({
    InstanceId: request.instance,
    ShouldDecrementDesiredCapacity: true,
  });
  const log: AttemptLog = { isSending: false, mayBeDone: false };
  command.middlewareStack.add(noteAttempts(log), lastBeforeWire);
  const send = async (client: AutoScalingClient, abortSignal: AbortSignal) =>
    await client.send(command, { abortSignal });
  const name = 'TerminateInstanceInAutoScalingGroup';
  return await change({ name, send, log }, connection, limits);
}

/** Never rejects. All of it is told, for what is left out would be AWS's default. */
export async function putWarmPool(
  request: PutWarmPoolRequest,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<CallOutcome> {
  const command = new PutWarmPoolCommand({
    AutoScalingGroupName: request.address.autoScalingGroup,
    PoolState: awsPoolStates[request.state],
    MinSize: request.minSize,
    MaxGroupPreparedCapacity: request.prepared,
    InstanceReusePolicy: { ReuseOnScaleIn: request.reusesOnScaleIn },
  });
  const log: AttemptLog = { isSending: false, mayBeDone: false };
  command.middlewareStack.add(noteAttempts(log), lastBeforeWire);
  const send = async (client: AutoScalingClient, abortSignal: AbortSignal) =>
    await client.send(command, { abortSignal });
  return await change({ name: 'PutWarmPool', send, log }, connection, limits);
}

const awsPoolStates = { stopped: 'Stopped', hibernated: 'Hibernated', running: 'Running' } as const;

interface Change {
  readonly name: string;
  readonly send: (client: AutoScalingClient, abortSignal: AbortSignal) => Promise<unknown>;
  readonly log: Readonly<AttemptLog>;
}

async function change(
  { name, send, log }: Change,
  connection: AutoScalingConnection,
  limits: AwsLimits,
): Promise<CallOutcome> {
  const outcome = await callAws({
    gate: connection.changeGate,
    turnTimeoutMs: limits.turnTimeoutMs,
    deadlineMs: limits.callDeadlineMs,
    send: async (abortSignal) => await send(connection.client, abortSignal),
  });
  if (outcome.ok) return { kind: 'accepted' };
  const { kind, message } = outcome.failure;
  return toActuation({ kind, message: `${name}: ${message}` }, log.isSending || log.mayBeDone);
}

/**
 * The last step before the wire: credentials are there and the request is signed, so what fails
 * earlier was not sent. High priority: outside the step that reads the answer.
 */
const lastBeforeWire = { step: 'deserialize', priority: 'high', name: 'noteAttempts' } as const;

type Step<Input, Output> = (input: Input) => Promise<Output>;

/** Notes each attempt: that it began, and whether AWS may have carried it out. */
function noteAttempts(log: AttemptLog) {
  return <Input, Output>(next: Step<Input, Output>): Step<Input, Output> =>
    async (input) => {
      log.isSending = true;
      try {
        return await next(input);
      } catch (error) {
        if (mayHaveHappened(classifyError(error))) log.mayBeDone = true;
        throw error;
      } finally {
        log.isSending = false;
      }
    };
}
