// Lets Auto Scaling go on with the termination that its hook holds, once the worker has drained. The
// SDK's client is loaded only then.

import type { LifecycleOptions } from './options.ts';
import { readMetadata } from './instance-metadata.ts';

const groupPath = 'meta-data/tags/instance/aws:autoscaling:groupName';

/** Null when it was completed; else why not, in one line. The hook's timeout ends it then. */
export async function completeLifecycle(
  { group, hookName, instance }: LifecycleOptions,
  endpoint: string,
): Promise<string | null> {
  const [groupName, instanceId] = await Promise.all([
    group ?? readMetadata(endpoint, groupPath),
    instance ?? readMetadata(endpoint, 'meta-data/instance-id'),
  ]);
  if (groupName === null || instanceId === null) {
    return 'no group or instance: give lifecycle.group and lifecycle.instance';
  }
  try {
    const { AutoScalingClient, CompleteLifecycleActionCommand } =
      await import('@aws-sdk/client-auto-scaling');
    const client = new AutoScalingClient({});
    await client.send(
      new CompleteLifecycleActionCommand({
        AutoScalingGroupName: groupName.trim(),
        InstanceId: instanceId.trim(),
        LifecycleHookName: hookName,
        LifecycleActionResult: 'CONTINUE',
      }),
    );
    client.destroy();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
