// What a simulated group is told besides its load and its size, read as the controller reads it: its
// calendar, and what its instances cost.
import type { CalendarReading } from '../controller/group-settings.ts';
import { SpendingMeter } from '../controller/spending-meter.ts';
import type { Group } from '../core/group.ts';
import type { Observation } from '../core/observation.ts';
import type { EpochMs } from '../core/time.ts';

export type Dates = Pick<Observation, 'schedules' | 'freezes'>;

export interface DatedCalendar {
  readonly read: (now: EpochMs) => Dates;
  /** What was read last is the same before this moment. */
  readonly validUntil: () => EpochMs;
}

/** Reads the calendar anew when what it said last is over, as the controller does. */
export function createDates(read: ((now: EpochMs) => CalendarReading) | undefined): DatedCalendar {
  let dates: Dates = {};
  let validUntil = read === undefined ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return {
    validUntil: () => validUntil,
    read: (now) => {
      if (read === undefined || now < validUntil) return dates;
      const reading = read(now);
      const { schedules, freezes } = reading;
      validUntil = reading.validUntil;
      dates = { schedules, ...(freezes.length > 0 && { freezes }) };
      return dates;
    },
  };
}

interface PaidInstances {
  readonly inService: number;
  readonly pending: number;
  readonly draining: number;
}

/** As the controller counts it: each instance from its launch to its end, and only for a budget. */
export function createSpending(
  group: Group,
  pricePerInstanceHour: number | undefined,
): (paid: PaidInstances, now: EpochMs) => Pick<Observation, 'spending'> {
  if (group.budget === undefined || pricePerInstanceHour === undefined) return () => ({});
  const meter = new SpendingMeter(pricePerInstanceHour);
  return ({ inService, pending, draining }, now) => {
    meter.count(inService + pending + draining);
    const spending = meter.read(now);
    return spending === null ? {} : { spending };
  };
}
