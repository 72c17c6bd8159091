// What Linux tells of a running process: its memory, and the processor time it has used. For
// benchmarks.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface MemoryUse {
  /** Resident, shared pages included (`VmRSS`). */
  readonly rssMebibytes: number;
  /** The part of it that no file backs (`RssAnon`): heaps and stacks, not the program's text. */
  readonly anonymousMebibytes: number;
  /** Resident, each shared page divided by its users (`Pss`). */
  readonly pssMebibytes: number;
}

/** Throws when the process is gone: a measurement without it would be worth nothing. */
export function readMemory(pid: number): MemoryUse {
  return {
    rssMebibytes: readKibibytes(`/proc/${pid}/status`, 'VmRSS') / 1024,
    anonymousMebibytes: readKibibytes(`/proc/${pid}/status`, 'RssAnon') / 1024,
    pssMebibytes: readKibibytes(`/proc/${pid}/smaps_rollup`, 'Pss') / 1024,
  };
}

function readKibibytes(path: string, name: string): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(path, 'utf8'));
  if (found === null) throw new Error(`${path} has no ${name}: the process has ended`);
  return Number(found[1]);
}

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Processor seconds since the process began, of all its threads, user and system together. */
export function readCpuSeconds(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; user and system time are the 14th and 15th field.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}
