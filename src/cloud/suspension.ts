// Which of a group's processes are suspended (EC2 Auto Scaling user guide, "Suspend and resume").

import type { Group } from './group.ts';

export const PROCESSES = [
  'Launch',
  'Terminate',
  'AddToLoadBalancer',
  'AlarmNotification',
  'AZRebalance',
  'HealthCheck',
  'InstanceRefresh',
  'ReplaceUnhealthy',
  'ScheduledActions',
] as const;

export type Process = (typeof PROCESSES)[number];

export function isSuspended(group: Group, process: Process): boolean {
  return group.suspended.has(process);
}
