// Tells Auto Scaling to wait on, or to go on, with the termination that a lifecycle hook holds (EC2 Auto
// Scaling API reference, the Query protocol).

import type { Access } from '../aws/find-credentials.ts';
import { post, type Reply } from '../aws/post.ts';
import { signRequest } from '../aws/sign-request.ts';
import { describeError } from '../describe-error.ts';

export type LifecycleOutcome =
  | { readonly kind: 'done' }
  /** The hook does not hold the instance now: not yet, or no more. */
  | { readonly kind: 'not-waiting' }
  | { readonly kind: 'failed'; readonly message: string };

export type LifecycleCall = 'CompleteLifecycleAction' | 'RecordLifecycleActionHeartbeat';

/** "No active Lifecycle Action found with instance ID". */
const notWaiting = /No active Lifecycle Action/u;

export interface HookedInstance {
  readonly autoScalingGroup: string;
  readonly hookName: string;
  readonly instance: string;
}

/** `https://autoscaling.REGION.amazonaws.com`, but where an endpoint is given. Never rejects. */
export async function callLifecycle(
  call: LifecycleCall,
  { autoScalingGroup, hookName, instance }: HookedInstance,
  {
    access,
    endpoint,
    now,
  }: { readonly access: Access; readonly endpoint: string | null; readonly now: number },
): Promise<LifecycleOutcome> {
  const url = new URL(endpoint ?? `https://autoscaling.${access.region}.amazonaws.com/`);
  const body = writeForm({
    Action: call,
    Version: '2011-01-01',
    AutoScalingGroupName: autoScalingGroup,
    LifecycleHookName: hookName,
    InstanceId: instance,
    ...(call === 'CompleteLifecycleAction' && { LifecycleActionResult: 'CONTINUE' }),
  });
  const headers = signRequest(
    {
      host: url.host,
      path: url.pathname,
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    },
    access.credentials,
    { region: access.region, service: 'autoscaling', at: now },
  );
  try {
    return judge(await post(url, headers, body));
  } catch (error) {
    return { kind: 'failed', message: describeError(error) };
  }
}

function writeForm(members: Readonly<Record<string, string>>): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

function judge({ status, text }: Reply): LifecycleOutcome {
  if (status >= 200 && status < 300) return { kind: 'done' };
  const [, code = `status ${status}`] = /<Code>([^<]*)<\/Code>/u.exec(text) ?? [];
  const [, said = ''] = /<Message>([^<]*)<\/Message>/u.exec(text) ?? [];
  if (notWaiting.test(said)) return { kind: 'not-waiting' };
  return { kind: 'failed', message: said === '' ? code : `${code}: ${said}` };
}
