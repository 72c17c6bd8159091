// What a lifecycle hook is. How instances wait at one is in lifecycle-action.ts.

export type HookTransition =
  | 'autoscaling:EC2_INSTANCE_LAUNCHING'
  | 'autoscaling:EC2_INSTANCE_TERMINATING';

export type HookResult = 'CONTINUE' | 'ABANDON';

export interface LifecycleHook {
  readonly name: string;
  readonly transition: HookTransition;
  readonly heartbeatTimeoutSeconds: number;
  readonly defaultResult: HookResult;
  readonly notificationTargetArn: string | undefined;
  readonly roleArn: string | undefined;
  readonly notificationMetadata: string | undefined;
}
