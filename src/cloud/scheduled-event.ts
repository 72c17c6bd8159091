// Everything the model lets happen later. Plain data, so that a snapshot can hold it.

/**
 * Events of an instance carry the stage it was in when they were scheduled; they are void once it
 * has moved on (see `Instance.stage`).
 */
export type InstanceEventKind =
  | 'machine-running'
  | 'standby-entered'
  | 'detached'
  | 'lifecycle-action-timeout'
  | 'proceeded'
  | 'drained'
  | 'machine-terminated'
  | 'machine-stopped'
  | 'lifetime-reached';

/** What befalls the machine itself, whatever its group is doing with it. */
export type MachineEventKind =
  | 'machine-lost'
  | 'instance-forgotten'
  | 'spot-recommendation'
  | 'spot-notice'
  | 'spot-interrupted';

export type ScheduledEvent =
  | { readonly kind: InstanceEventKind; readonly instanceId: string; readonly stage: number }
  /** Bound to no stage: health matters whatever the instance is doing. */
  | { readonly kind: 'health-noticed'; readonly instanceId: string }
  | { readonly kind: MachineEventKind; readonly instanceId: string }
  | { readonly kind: 'reconcile'; readonly groupName: string }
  | { readonly kind: 'rebalance'; readonly groupName: string }
  | { readonly kind: 'scheduled-action'; readonly groupName: string; readonly actionName: string }
  | { readonly kind: 'target-tracking'; readonly groupName: string };
