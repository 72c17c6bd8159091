// Why: one code per rule, with the numbers that the rule looked at. Closed, so that every reason has
// a sentence (`explain.ts`) and every sentence has a test.

import type { RefusalCode } from './actuation.ts';
import type { EpochMs } from './time.ts';

export type Reason =
  // Policies
  | {
      readonly code: 'target-tracking';
      readonly signal: string;
      readonly value: number;
      readonly target: number;
      readonly instances: number;
    }
  | {
      readonly code: 'within-tolerance';
      readonly signal: string;
      readonly value: number;
      readonly target: number;
      readonly toleranceRatio: number;
    }
  | {
      readonly code: 'step';
      readonly signal: string;
      readonly value: number;
      readonly lower: number | null;
      readonly upper: number | null;
      readonly change: number;
    }
  | { readonly code: 'no-step'; readonly signal: string; readonly value: number }
  | { readonly code: 'no-reading'; readonly signal: string }
  // People
  | { readonly code: 'override-set'; readonly desired: number; readonly by: string }
  // Guardrails
  | { readonly code: 'paused'; readonly by: string; readonly until: EpochMs | null }
  | { readonly code: 'held-by-other'; readonly controller: string }
  | { readonly code: 'capacity-unknown' }
  | { readonly code: 'act-in-flight'; readonly to: number; readonly since: EpochMs }
  | { readonly code: 'outcome-unknown'; readonly to: number; readonly since: EpochMs }
  | {
      readonly code: 'refused-recently';
      readonly refusal: RefusalCode;
      readonly times: number;
      readonly retryAt: EpochMs;
    }
  | { readonly code: 'capacity-stale'; readonly ageMs: number }
  | { readonly code: 'broker-down' }
  | { readonly code: 'journal-unwritable' }
  | { readonly code: 'policy-blind'; readonly policy: string }
  | {
      readonly code: 'too-few-reports';
      readonly reporting: number;
      readonly expected: number;
      readonly minReportingRatio: number;
    }
  | { readonly code: 'warming'; readonly warming: number; readonly pending: number }
  | { readonly code: 'stabilization'; readonly windowMs: number; readonly size: number }
  | { readonly code: 'cooldown'; readonly until: EpochMs }
  | { readonly code: 'scale-out-only' }
  | { readonly code: 'size-bounds'; readonly min: number; readonly max: number }
  | { readonly code: 'observe-only' }
  | { readonly code: 'already-advised'; readonly size: number };

export type ReasonCode = Reason['code'];
