// The files of a control group, version 2, that say what a container may use and does use.
// Source: the kernel's "Control Group v2" (Documentation/admin-guide/cgroup-v2.rst). Pure.

/** `cpu.max`, "quota period" in microseconds, as processors; infinity for "max". */
export function parseCpuMax(text: string): number | null {
  const [quota, period] = text.trim().split(' ');
  const periodUs = Number(period);
  if (!(periodUs > 0)) return null;
  if (quota === 'max') return Number.POSITIVE_INFINITY;
  const cores = Number(quota) / periodUs;
  return cores > 0 ? cores : null;
}

/** How many processors a list like `0-3,8` names; null for an empty or broken one. */
export function parseCpuSet(text: string): number | null {
  let count = 0;
  for (const range of text.trim().split(',')) {
    const bounds = /^(\d+)(?:-(\d+))?$/.exec(range);
    if (bounds === null) return null;
    const first = Number(bounds[1]);
    const last = Number(bounds[2] ?? bounds[1]);
    if (last < first) return null;
    count += last - first + 1;
  }
  return count;
}

/** `usage_usec` of `cpu.stat`, in milliseconds. */
export function parseCpuUsageMs(text: string): number | null {
  const usageUs = parseKeyed(text, 'usage_usec');
  return usageUs === null ? null : usageUs / 1_000;
}

/** `memory.max` or `memory.current` in bytes; infinity for "max". */
export function parseBytes(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === 'max') return Number.POSITIVE_INFINITY;
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}

/** The page cache that goes first when memory is short: `inactive_file` of `memory.stat`. */
export function parseInactiveFileBytes(text: string): number | null {
  return parseKeyed(text, 'inactive_file');
}

function parseKeyed(text: string, key: string): number | null {
  for (const line of text.split('\n')) {
    if (!line.startsWith(`${key} `)) continue;
    const value = line.slice(key.length + 1).trim();
    return /^\d+$/.test(value) ? Number(value) : null;
  }
  return null;
}
