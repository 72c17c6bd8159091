// Sets a group's desired capacity, and finds out what came of it: also whether a call that failed
// may have happened all the same.

import { SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';

import type { SetDesiredRequest } from '../controller/ports/scaling-target.ts';
import type { Actuation } from '../core/decision.ts';
import type { AutoScalingConnection } from './auto-scaling-clients.ts';
import { callAws } from './call.ts';
import { classifyError, mayHaveHappened, toActuation } from './errors.ts';
import type { AwsLimits } from './limits.ts';

/**
 * The fate of a call's attempts. Needed because the SDK tries again by itself: when the answer to
 * the first attempt is lost, the refusal of the second ("an activity is in progress") may be the
 * first one's own doing.
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
): Promise<Actuation> {
  const log: AttemptLog = { isSending: false, mayBeDone: false };
  const command = createCommand(request, log);
  const outcome = await callAws({
    gate: connection.changeGate,
    turnTimeoutMs: limits.turnTimeoutMs,
    deadlineMs: limits.callDeadlineMs,
    send: async (abortSignal) => await connection.client.send(command, { abortSignal }),
  });
  if (outcome.ok) return { kind: 'accepted' };
  const { kind, message } = outcome.failure;
  const named = { kind, message: `SetDesiredCapacity: ${message}` };
  return toActuation(named, log.isSending || log.mayBeDone);
}

/** The command notes each attempt: that it began, and whether AWS may have carried it out. */
function createCommand(request: SetDesiredRequest, log: AttemptLog): SetDesiredCapacityCommand {
  const command = new SetDesiredCapacityCommand({
    AutoScalingGroupName: request.address.autoScalingGroup,
    DesiredCapacity: request.desired,
    HonorCooldown: request.honorCooldown,
  });
  // The last step before the wire: credentials are there and the request is signed, so what fails
  // earlier was not sent. High priority: outside the step that reads the answer.
  command.middlewareStack.add(
    (next) => async (args) => {
      log.isSending = true;
      try {
        return await next(args);
      } catch (error) {
        if (mayHaveHappened(classifyError(error))) log.mayBeDone = true;
        throw error;
      } finally {
        log.isSending = false;
      }
    },
    { step: 'deserialize', priority: 'high', name: 'noteAttempts' },
  );
  return command;
}
