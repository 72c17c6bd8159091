// Makes a schedule policy of what a file says: the core gets its name, the calendar its windows.

import type { SchedulePolicy } from '../core/policies/policy.ts';
import type { Path } from './config-error.ts';
import type { WrittenPolicy, WrittenWindow } from './file-schema.ts';
import type { PolicyPlace } from './policy-part.ts';
import type { ScheduleConfig, WindowConfig } from './read-calendar.ts';
import { resolveTimeSpan, resolveTimeZone } from './resolve-time-span.ts';

const kinds = ['min', 'max', 'exact'] as const;

export interface ResolvedSchedule {
  readonly policy: SchedulePolicy;
  readonly schedule: ScheduleConfig;
}

/** Windows that were reported, here or before, are left out. */
export function resolveSchedule(
  written: Extract<WrittenPolicy, { type?: 'schedule' | undefined }>,
  { path, report }: PolicyPlace,
): ResolvedSchedule | null {
  const timeZone = resolveTimeZone(written, path, report);
  if (timeZone === null || written.windows === undefined) return null;
  const name = written.name ?? 'schedule';
  const windows = written.windows.flatMap((window, index) => {
    const at = [...path, 'windows', index];
    return resolveWindow(window, timeZone, { path: at, report }) ?? [];
  });
  return { policy: { type: 'schedule', name }, schedule: { policy: name, windows } };
}

function resolveWindow(
  written: WrittenWindow,
  timeZone: string,
  { path, report }: Pick<PolicyPlace, 'path' | 'report'>,
): WindowConfig | null {
  const span = resolveTimeSpan(written, { path, report, timeZone });
  const size = findSize(written, path, report);
  return span === null || size === null ? null : { span, ...size };
}

function findSize(
  written: WrittenWindow,
  path: Path,
  report: PolicyPlace['report'],
): Pick<WindowConfig, 'kind' | 'size'> | null {
  const [kind, second] = kinds.filter((key) => Object.hasOwn(written, key));
  if (kind === undefined || second !== undefined) {
    const found = kind === undefined ? 'a window without a size' : `both ${kind} and ${second}`;
    report({ path, found, allowed: 'one of min, max and exact' });
    return null;
  }
  const size = written[kind];
  return size === undefined ? null : { kind, size };
}
