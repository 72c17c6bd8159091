// A fleet that never scales, sized in hindsight for the peak of the scored span.
import type { Scaler } from '../fluid/scaler.ts';

/** Always the same size. */
export function createStatic(instances: number): Scaler {
  return () => instances;
}
