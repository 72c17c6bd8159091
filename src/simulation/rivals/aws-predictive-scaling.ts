// AWS predictive scaling: hourly forecasts that raise the group ahead of the hour and never lower
// it, beside a dynamic policy that does the rest. AWS's model is not public; ours is a climatology.
import type { Scaler } from '../fluid/scaler.ts';
import type { Climatology } from './climatology.ts';
import { climatologyDefaults, createClimatology, expectLoad, recordSample } from './climatology.ts';
import { wholeInstances } from './rival.ts';

export interface PredictiveScalingParameters {
  readonly target: number;
  /** SchedulingBufferTime: how long before the hour its forecast is put into effect. */
  readonly schedulingBufferSeconds: number;
  readonly historySecondsMin: number;
  readonly refreshSeconds: number;
  readonly horizonHours: number;
}

export const predictiveScalingDefaults = {
  schedulingBufferSeconds: 300,
  historySecondsMin: 86_400,
  refreshSeconds: 6 * 3600,
  horizonHours: 48,
} as const;

const secondsPerHour = 3600;

/**
 * The dynamic policy's answer, raised once an hour to the forecast of the next. The group's maximum
 * is honoured (HonorMaxCapacity): the engine clamps every answer to it.
 */
export function createPredictiveScaling(
  parameters: PredictiveScalingParameters,
  dynamic: Scaler,
): Scaler {
  const { target, schedulingBufferSeconds, refreshSeconds } = parameters;
  const climatology = createClimatology(climatologyDefaults);
  const forecasts = new Float64Array(parameters.horizonHours).fill(Number.NaN);
  let firstHour = 0;
  return (observation) => {
    const { nowSeconds } = observation;
    if (observation.hasSample) recordSample(climatology, observation);
    if (nowSeconds % refreshSeconds === 0) {
      firstHour = nowSeconds / secondsPerHour;
      forecastHours(climatology, parameters, nowSeconds, forecasts);
    }
    const wanted = dynamic(observation);
    const hourStart = nowSeconds + schedulingBufferSeconds;
    if (hourStart % secondsPerHour !== 0) return wanted;
    const expected = forecasts[hourStart / secondsPerHour - firstHour] ?? Number.NaN;
    if (Number.isNaN(expected)) return wanted;
    return Math.max(wanted, observation.desired, wholeInstances(expected / target));
  };
}

/** Forecasts for the next hours; none before there is enough history. */
function forecastHours(
  climatology: Climatology,
  parameters: PredictiveScalingParameters,
  nowSeconds: number,
  forecasts: Float64Array,
): void {
  const age = nowSeconds - climatology.firstSeconds;
  const isOldEnough = age >= parameters.historySecondsMin;
  for (let hour = 0; hour < forecasts.length; hour += 1) {
    const at = nowSeconds + hour * secondsPerHour;
    forecasts[hour] = (isOldEnough ? expectLoad(climatology, at) : undefined) ?? Number.NaN;
  }
}
