// Which of a group's processes are suspended (EC2 Auto Scaling user guide, "Suspend and resume").

import type { Fault, Outcome } from './fault.ts';
import { succeed } from './fault.ts';
import { findGroup } from './find-group.ts';
import { formatUtcSeconds } from './calendar.ts';
import type { Model } from './model.ts';
import type { Group } from './group.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';

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

/** Suspends the named processes, or all when none is named. */
export function suspendProcesses(
  model: Model,
  groupName: string,
  names: readonly string[],
): Outcome<null> {
  return forEachProcess(model, groupName, names, (group, process) => {
    if (group.suspended.has(process)) return;
    group.suspended.set(process, `User suspended at ${formatUtcSeconds(model.now)}`);
  });
}

/** Resumes the named processes, or all when none is named; what was due happens then. */
export function resumeProcesses(
  model: Model,
  groupName: string,
  names: readonly string[],
): Outcome<null> {
  return forEachProcess(model, groupName, names, (group, process) => {
    group.suspended.delete(process);
    scheduleReconcile(model, group);
  });
}

function forEachProcess(
  model: Model,
  groupName: string,
  names: readonly string[],
  act: (group: Group, process: Process) => void,
): Outcome<null> {
  const found = findGroup(model, groupName);
  if (!found.ok) return found;
  const processes = names.length === 0 ? PROCESSES : parseProcesses(names);
  if ('code' in processes) return { ok: false, fault: processes };
  for (const process of processes) act(found.value, process);
  return succeed(null);
}

function parseProcesses(names: readonly string[]): readonly Process[] | Fault {
  const processes: Process[] = [];
  for (const name of names) {
    const process = PROCESSES.find((candidate) => candidate === name);
    if (process === undefined) {
      const message = `Unrecognized process name: ${name}`;
      return { code: 'ValidationError', message, status: 400 };
    }
    processes.push(process);
  }
  return processes;
}
