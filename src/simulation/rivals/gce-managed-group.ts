// The autoscaler of Google Compute Engine's managed instance groups: the size that the recent peak
// needs, and optionally a forecast one initialisation period ahead.
import type { Scaler } from '../fluid/scaler.ts';
import { climatologyDefaults, createClimatology, expectLoad, recordSample } from './climatology.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';
import { wholeInstances } from './rival.ts';

/** At most so many instances, or this share, below the peak recommendation of the same window. */
export type ScaleInControl =
  | { readonly kind: 'none' }
  | { readonly kind: 'instances'; readonly value: number }
  | { readonly kind: 'ratio'; readonly value: number };

export interface GceParameters {
  readonly target: number;
  /** "Every few seconds". */
  readonly evaluationSeconds: number;
  readonly stabilizationSeconds: number;
  readonly scaleInControl: ScaleInControl;
  readonly isPredictive: boolean;
  readonly initializationSeconds: number;
}

export const gceDefaults = {
  evaluationSeconds: 10,
  stabilizationSeconds: 600,
  scaleInControl: { kind: 'none' },
  isPredictive: false,
  initializationSeconds: 60,
} as const satisfies Partial<GceParameters>;

/** Google's model is not public: the climatology of five-minute bins stands in for it. */
const forecastBinSeconds = 300;

/**
 * The peak of the sizes that the stabilization window needed. A size that would scale out counts
 * the load of initialised (warm) instances only.
 */
export function createGceManagedGroup(parameters: GceParameters): Scaler {
  const { target, evaluationSeconds, isPredictive, initializationSeconds, scaleInControl } =
    parameters;
  const window = createMetricWindow(evaluationSeconds);
  const climatology = createClimatology({ ...climatologyDefaults, binSeconds: forecastBinSeconds });
  const slots = Math.ceil(parameters.stabilizationSeconds / evaluationSeconds);
  const needed = createPeak(slots);
  const recommended = createPeak(slots);
  return (observation) => {
    const { desired, inService, warmed, nowSeconds } = observation;
    if (isPredictive && observation.hasSample) recordSample(climatology, observation);
    if (!completesPeriod(window, observation)) return desired;
    const all = wholeInstances(window.load / target);
    const initialised = inService > 0 ? (window.load * warmed) / inService : 0;
    const size = all > desired ? Math.max(desired, wholeInstances(initialised / target)) : all;
    const expected = isPredictive
      ? expectLoad(climatology, nowSeconds + initializationSeconds)
      : undefined;
    const peak = needed.add(size, desired);
    const wanted = Math.max(peak, wholeInstances((expected ?? 0) / target));
    if (scaleInControl.kind === 'none') return wanted;
    const answer = Math.max(wanted, lowestAllowed(scaleInControl, recommended.read(desired)));
    recommended.add(answer, desired);
    return answer;
  };
}

/** The greatest of the last so many values. */
interface Peak {
  /** Of the values so far; `initial` stands in for those before the first. */
  read(initial: number): number;
  /** With one more value. */
  add(value: number, initial: number): number;
}

function createPeak(slots: number): Peak {
  const values = new Float64Array(slots);
  let next = 0;
  let peak = Number.NaN;
  return {
    read: (initial) => (Number.isNaN(peak) ? initial : peak),
    add(value, initial) {
      if (Number.isNaN(peak)) values.fill(initial);
      const leaving = Number.isNaN(peak) ? initial : (values[next] ?? 0);
      values[next] = value;
      next = next + 1 === slots ? 0 : next + 1;
      if (value >= peak) peak = value;
      // Only when the peak itself leaves are all values looked at again.
      else if (!(leaving < peak)) peak = values.reduce((one, other) => Math.max(one, other), 0);
      return peak;
    },
  };
}

function lowestAllowed(control: Exclude<ScaleInControl, { kind: 'none' }>, peak: number): number {
  switch (control.kind) {
    case 'instances':
      return peak - control.value;
    case 'ratio':
      return peak - Math.floor(peak * control.value);
  }
}
