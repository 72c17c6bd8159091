// Lets Auto Scaling go on with the termination that its hook holds, once the worker has drained. The
// SDK's client is loaded only then.

import type { LifecycleOptions } from './options.ts';
import { readMetadata } from './instance-metadata.ts';

const groupPath = 'meta-data/tags/instance/aws:autoscaling:groupName';

/** How soon an action that does not exist yet is asked for again. */
const againMs = 2000;

/**
 * Null when it was completed; else why not, in one line. The hook's timeout ends it then. An action that
 * does not exist yet is waited for, `patienceMs` at most: where the termination follows on the drain.
 */
export async function completeLifecycle(
  { group, hookName, instance }: LifecycleOptions,
  { endpoint, patienceMs }: { readonly endpoint: string; readonly patienceMs: number },
): Promise<string | null> {
  const [groupName, instanceId] = await Promise.all([
    group ?? readMetadata(endpoint, groupPath),
    instance ?? readMetadata(endpoint, 'meta-data/instance-id'),
  ]);
  if (groupName === null || instanceId === null) {
    return 'no group or instance: give lifecycle.group and lifecycle.instance';
  }
  const { AutoScalingClient, CompleteLifecycleActionCommand } =
    await import('@aws-sdk/client-auto-scaling');
  const client = new AutoScalingClient({});
  const command = new CompleteLifecycleActionCommand({
    AutoScalingGroupName: groupName.trim(),
    InstanceId: instanceId.trim(),
    LifecycleHookName: hookName,
    LifecycleActionResult: 'CONTINUE',
  });
  const endsAt = performance.now() + patienceMs;
  try {
    for (;;) {
      const problem = await findProblem(client.send(command));
      const isTooEarly = problem?.includes('No active Lifecycle Action') === true;
      if (!isTooEarly || performance.now() + againMs > endsAt) return problem;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
  } finally {
    client.destroy();
  }
}

async function findProblem(sent: Promise<unknown>): Promise<string | null> {
  try {
    await sent;
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
