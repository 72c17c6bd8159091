// What an AWS service is to the server: named operations. Protocols turn requests into these
// calls and their outcomes into XML or JSON; a service knows neither.

import type { Outcome } from '../cloud/fault.ts';
import type { EpochMs } from '../cloud/time.ts';

/** What every call knows besides its input. */
export interface CallContext {
  readonly now: EpochMs;
  readonly requestId: string;
  readonly region: string;
  readonly accountId: string;
}

/** Input and output are plain objects with AWS's member names; times are `Date`-free epoch seconds. */
export type Operation = (
  input: Readonly<Record<string, unknown>>,
  context: CallContext,
) => Outcome<Readonly<Record<string, unknown>>>;

export interface Service {
  /** For example `autoscaling`, `sqs`: the service name of AWS's request signatures. */
  readonly signingName: string;
  readonly operations: ReadonlyMap<string, Operation>;
}
