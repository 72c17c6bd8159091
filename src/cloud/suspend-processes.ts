// Suspending and resuming a group's processes.

import { formatUtcSeconds } from './calendar.ts';
import type { Fault, Outcome } from './fault.ts';
import { succeed } from './fault.ts';
import { findGroup } from './find-group.ts';
import type { Group } from './group.ts';
import { noticeUnhealthy } from './health.ts';
import { scheduleLifetime } from './launch.ts';
import type { Model } from './model.ts';
import { membersOf } from './model.ts';
import { scheduleReconcile } from './schedule-reconcile.ts';
import type { Process } from './suspension.ts';
import { PROCESSES } from './suspension.ts';

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
    catchUp(model, group);
  });
}

function catchUp(model: Model, group: Group): void {
  const members = membersOf(model, group);
  noticeUnhealthy(model, members);
  for (const instance of members) {
    if (instance.lifecycle === 'InService') scheduleLifetime(model, group, instance);
  }
  scheduleReconcile(model, group);
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
