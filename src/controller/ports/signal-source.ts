// A number about a group that is measured elsewhere than on its instances: a queue, CloudWatch,
// Prometheus, an HTTP endpoint. One source is one number, asked for again and again.

import type { EpochMs } from '../../core/time.ts';

export type SourceOutcome =
  | {
      readonly kind: 'value';
      /** As it was read: not scaled, not judged. */
      readonly value: number;
      /** What the value is about; the time of asking where the source does not tell. */
      readonly measuredAt: EpochMs;
    }
  /** The source answered, and there is no number: nothing was measured. No zero, unless said so. */
  | { readonly kind: 'nothing'; readonly message: string }
  /** `message` is one line for a person, without secrets. */
  | { readonly kind: 'failed'; readonly message: string };

export interface SignalSource {
  /** Never rejects, and ends within a bound of its own. */
  read(): Promise<SourceOutcome>;
}
