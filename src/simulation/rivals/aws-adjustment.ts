// The adjustment types of AWS step and simple scaling.

export interface Adjustment {
  readonly type: 'ChangeInCapacity' | 'ExactCapacity' | 'PercentChangeInCapacity';
  /** Instances, or percent of the capacity. */
  readonly value: number;
  /** Of a percent change: at least so many instances, in its direction. */
  readonly minAdjustmentMagnitude?: number;
}

/**
 * The capacity after an adjustment. A percent change of more than one instance is cut towards 0,
 * one of a part of an instance is a whole one: 10 % of 14 is 1, 10 % of 4 is 1, 30 % of 13 is 3.
 */
export function adjustCapacity(capacity: number, adjustment: Adjustment): number {
  const { type, value, minAdjustmentMagnitude = 0 } = adjustment;
  switch (type) {
    case 'ChangeInCapacity':
      return capacity + value;
    case 'ExactCapacity':
      return value;
    case 'PercentChangeInCapacity': {
      const part = (capacity * value) / 100;
      const whole = Math.abs(part) < 1 ? Math.sign(part) : Math.trunc(part);
      const magnitude = Math.max(Math.abs(whole), whole === 0 ? 0 : minAdjustmentMagnitude);
      return capacity + Math.sign(whole) * magnitude;
    }
  }
}
