// A comparison as a job of the API: what is asked, and what comes back.

import type { ConfigCheck, ConfigMistake } from '../../api/config-desk.ts';
import type { Ask, Answer } from '../ask.ts';

export interface LabWish {
  readonly yaml: string;
  /** A generator's name; null where a trace is given. */
  readonly generator: string | null;
  /** The text of a CSV of `timestamp,value`; null where it is generated. */
  readonly trace: string | null;
  /** The group whose recorded day is used; null where it is another traffic. */
  readonly recordedOf: string | null;
  readonly duration: string;
}

export interface Candidate {
  readonly name: string;
  readonly kind: 'config' | 'rival';
  readonly violationShare: number;
  readonly costUsd: number;
  /** Cost over the optimum's; null above the allowance. */
  readonly ratio: number | null;
  readonly launchesPerHour: number;
}

export interface Comparison {
  readonly epsilon: number;
  readonly optimum: { readonly costUsd: number | null };
  readonly candidates: readonly Candidate[];
}

export interface JobAnswer {
  readonly id: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  /** 0–1. */
  readonly progress: number | null;
  readonly result?: Comparison | null;
  /** A chart, as the command line draws it. */
  readonly svg?: string | null;
  readonly problem?: string | null;
}

export type { ConfigCheck };

/** A mistake in a line: where, what was found, what is allowed. */
export function sayMistake({ allowed, found, line, path }: ConfigMistake): string {
  return `line ${line}: ${path === '' ? '' : `${path} is `}${found}; allowed: ${allowed}`;
}

export const generators = [
  'diurnal',
  'weekly',
  'social',
  'flash-crowd',
  'square',
  'ramp',
  'retry-storm',
  'level-shift',
  'steady',
] as const;

export function startComparison(ask: Ask, wish: LabWish): Promise<Answer<JobAnswer>> {
  const { duration, generator, recordedOf, trace, yaml } = wish;
  const sayTrace = (): object => {
    if (recordedOf !== null) return { journal: recordedOf };
    return trace === null ? { generator, duration } : { csv: trace };
  };
  return ask<JobAnswer>('/v1/jobs', {
    method: 'POST',
    body: { kind: 'compare', config: yaml, trace: sayTrace() },
  });
}

export function isOver({ state }: JobAnswer): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
