// AWS step scaling: the further the metric is from the alarm's threshold, the larger the step.
import type { Observation, Scaler } from '../fluid/scaler.ts';
import { adjustCapacity } from './aws-adjustment.ts';
import type { Adjustment } from './aws-adjustment.ts';
import { completesPeriod, createMetricWindow } from './metric-window.ts';

/** A range of the breach, the metric less the threshold, as a share of the threshold. */
export interface Step {
  /** Left out: no bound. Above the threshold inclusive, below it exclusive. */
  readonly lower?: number;
  /** Left out: no bound. Above the threshold exclusive, below it inclusive. */
  readonly upper?: number;
  readonly adjustment: Adjustment;
}

export interface StepScalingParameters {
  /** The threshold of both alarms. */
  readonly target: number;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly outSteps: readonly Step[];
  readonly inSteps: readonly Step[];
}

function percent(value: number): Adjustment {
  return { type: 'PercentChangeInCapacity', value };
}

/**
 * The steps are the user guide's worked example (0, ±10, ±30 % at breaches of 0, 10 and 20 about a
 * threshold of 50), as shares of the threshold. Three periods for either alarm are our choice.
 */
export const stepScalingDefaults = {
  periodSeconds: 60,
  evaluationPeriods: 3,
  outSteps: [
    { lower: 0, upper: 0.2, adjustment: percent(0) },
    { lower: 0.2, upper: 0.4, adjustment: percent(10) },
    { lower: 0.4, adjustment: percent(30) },
  ],
  inSteps: [
    { lower: -0.2, upper: 0, adjustment: percent(0) },
    { lower: -0.4, upper: -0.2, adjustment: percent(-10) },
    { upper: -0.4, adjustment: percent(-30) },
  ],
} as const satisfies Partial<StepScalingParameters>;

/**
 * Out: the step is taken from the *warm* capacity, so the same step adds nothing more while its
 * instances warm up, and a larger step adds the difference. In: only when nothing warms up.
 */
export function createStepScaling(parameters: StepScalingParameters): Scaler {
  const { target, evaluationPeriods, outSteps, inSteps } = parameters;
  const window = createMetricWindow(parameters.periodSeconds);
  let high = 0;
  let low = 0;
  return (observation) => {
    if (!completesPeriod(window, observation)) return observation.desired;
    const metric = window.loadPerInstance;
    high = metric >= target ? high + 1 : 0;
    low = metric <= target ? low + 1 : 0;
    const breach = (metric - target) / target;
    if (high >= evaluationPeriods && breach > 0) return stepOut(outSteps, breach, observation);
    if (low >= evaluationPeriods && breach < 0) return stepIn(inSteps, breach, observation);
    return observation.desired;
  };
}

function stepOut(steps: readonly Step[], breach: number, observation: Observation): number {
  const { desired, warmed } = observation;
  const step = steps.find(
    ({ lower = -Infinity, upper = Infinity }) => breach >= lower && breach < upper,
  );
  return step === undefined ? desired : Math.max(desired, adjustCapacity(warmed, step.adjustment));
}

function stepIn(steps: readonly Step[], breach: number, observation: Observation): number {
  const { desired, warmed, inService, pending } = observation;
  if (pending > 0 || warmed < inService) return desired;
  const step = steps.find(
    ({ lower = -Infinity, upper = Infinity }) => breach > lower && breach <= upper,
  );
  return step === undefined
    ? desired
    : Math.min(desired, adjustCapacity(inService, step.adjustment));
}
