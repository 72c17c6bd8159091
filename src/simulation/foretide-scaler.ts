// Foretide's own loop as a rule of the fluid engine: the very `decide` and `conclude` of production,
// on observations made of what the simulated fleet's monitoring shows. Every act is accepted.
//
// A reading counts for as long as in the controller: the stale time, and three periods at least.
import type { CalendarReading } from '../controller/group-settings.ts';
import { openWindow, type ReadingWindow } from '../controller/reading-window.ts';
import { conclude } from '../core/conclude.ts';
import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { Group } from '../core/group.ts';
import type { Observation } from '../core/observation.ts';
import type { ForecastFault } from '../core/demand/outlook.ts';
import type { DemandReading } from '../core/demand/demand-reading.ts';
import { listSelectors } from '../core/policies/list-selectors.ts';
import type { SignalReading, SignalSelector } from '../core/signal.ts';
import { initialState } from '../core/state.ts';
import type { EpochMs } from '../core/time.ts';
import type { GroupRun } from './fluid/group-loop.ts';
import type { Observation as SeenSecond, Scaler } from './fluid/scaler.ts';
import { watchDemand } from './demand-watch.ts';
import { createDates, createSpending } from './group-surroundings.ts';
import type { Dates } from './group-surroundings.ts';
import type { SharedPanels } from './shared-panels.ts';
import { createHeldSecond, isHeldAgain, noteDecision } from './held-second.ts';
import { readSignal } from './load-signals.ts';
import { capacityAt } from './workload.ts';
import type { Workload } from './workload.ts';

export interface ForetideOptions {
  readonly group: Group;
  readonly staleAfterMs: number;
  /** What an instance can do, for the signal `cpu`. The decision is not told. */
  readonly workload: Pick<Workload, 'capacity' | 'load'>;
  /** Its schedules and freezes; absent, a schedule policy lets nothing be removed. */
  readonly readCalendar?: (now: EpochMs) => CalendarReading;
  /** Dollars, for the group's budget; absent, none is kept. */
  readonly pricePerInstanceHour?: number;
  /** Spoils the forecast of a demand policy, for trials. */
  readonly forecastFault?: ForecastFault;
  /** Called with each decision that changed the size. */
  readonly onChange?: (decision: Decision) => void;
}

const accepted = { kind: 'accepted' } as const;

/** One selector of the group's policies, read anew each second. */
interface Gauge {
  readonly selector: SignalSelector;
  readonly window: ReadingWindow | null;
}

/** The newest sample that became visible. */
interface LatestSample {
  loadPerInstance: number;
  capacityPerInstance: number;
  at: EpochMs;
}

/**
 * A group that acts, whatever trust its mode gives it in production: one that only observes or
 * advises would stand still. `scale-out-only` stays what it is.
 */
export function actingGroup(group: Group): Group {
  return group.mode === 'scale-out-only' ? group : { ...group, mode: 'active' };
}

/** The group's rule. Its state is its own: one scaler is good for one run. */
export function createForetideScaler(options: ForetideOptions): Scaler {
  const { look, scaler } = createForetideRule(options);
  return (seen) => {
    look(seen);
    return scaler(seen);
  };
}

/** The rule in two halves, for runs that go side by side: see `runTogether`. */
export function createForetideRule(
  options: ForetideOptions,
  panels?: SharedPanels,
): Pick<GroupRun, 'scaler'> & Required<Pick<GroupRun, 'look' | 'restsUntil'>> {
  const { staleAfterMs, onChange } = options;
  const group = actingGroup(options.group);
  const gauges = createGauges(group);
  const { forecastFault: fault } = options;
  const demand = watchDemand(group, {
    ...(fault !== undefined && { fault }),
    ...(panels !== undefined && { panels }),
  });
  const latest: LatestSample = { loadPerInstance: 0, capacityPerInstance: 1, at: Number.NaN };
  const calendar = createDates(options.readCalendar);
  const spending = createSpending(options.group, options.pricePerInstanceHour);
  const held = createHeldSecond(group);
  // Made once: most seconds only look at it.
  const sight: Sight = { gauges, latest, reading: null, dates: {}, isFresh: false, now: 0 };
  let state = initialState;
  let freshMs = 0;
  const look = (seen: SeenSecond): boolean => {
    takeSample(latest, seen, options.workload);
    return demand?.see(seen, latest) ?? false;
  };
  const scaler: Scaler = (seen) => {
    const now = seen.nowSeconds * 1000;
    freshMs = Math.max(staleAfterMs, 3000 * seen.samplePeriodSeconds);
    sight.reading = demand?.read() ?? null;
    sight.dates = calendar.read(now);
    sight.isFresh = now - latest.at <= freshMs;
    sight.now = now;
    if (isHeldAgain(held, seen, sight, now)) return seen.desired;
    const observation = { ...observe(seen, sight), ...sight.dates, ...spending(seen, now) };
    const { state: decidedState, decision } = decide(group, state, observation, now);
    noteDecision(held, seen, sight, decision);
    if (!decision.acts) {
      state = decidedState;
      return seen.desired;
    }
    state = conclude(decidedState, decision, accepted, now);
    onChange?.(decision);
    return decision.to;
  };
  const restsUntil = (): number => {
    if (!held.isHeld || !sight.isFresh) return Number.NEGATIVE_INFINITY;
    return Math.min(held.until, latest.at + freshMs, calendar.validUntil()) / 1000;
  };
  return { look, scaler, restsUntil };
}

/** One for each distinct selector: policies may share one. */
function createGauges(group: Group): readonly Gauge[] {
  return listSelectors(group.policies).map((selector) => ({
    selector,
    window: openWindow(selector),
  }));
}

/** A second in which nothing was in service brought no report. */
function takeSample(
  latest: LatestSample,
  seen: SeenSecond,
  { capacity, load }: ForetideOptions['workload'],
): void {
  if (!seen.hasSample || Number.isNaN(seen.loadPerInstance)) return;
  const { sampleEndSeconds, samplePeriodSeconds } = seen;
  const second = sampleEndSeconds - samplePeriodSeconds - load.startSeconds;
  latest.loadPerInstance = seen.loadPerInstance;
  latest.capacityPerInstance = capacityAt(capacity, second);
  latest.at = sampleEndSeconds * 1000;
}

interface Sight {
  readonly gauges: readonly Gauge[];
  readonly latest: LatestSample;
  reading: DemandReading | null;
  dates: Dates;
  isFresh: boolean;
  now: EpochMs;
}

/** The second as the controller would describe it: AWS answers at once, nothing else is in the way. */
function observe(seen: SeenSecond, sight: Sight): Observation {
  const { minInstances, maxInstances, desired, inService, pending, warmed, draining } = seen;
  const { isFresh, now } = sight;
  const hasReported = !Number.isNaN(sight.latest.at);
  return {
    capacity: {
      describedAt: now,
      min: minInstances,
      max: maxInstances,
      desired,
      inService,
      pending,
      terminating: draining,
    },
    fleet: {
      warmed,
      warming: inService - warmed,
      expected: warmed,
      reporting: isFresh ? warmed : 0,
      silent: hasReported && !isFresh ? inService : 0,
    },
    signals: isFresh && warmed > 0 ? readSignals(sight, warmed) : {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    ...(sight.reading === null ? {} : { demand: sight.reading }),
  };
}

function readSignals(sight: Sight, warmed: number): Record<string, SignalReading> {
  const { latest, now } = sight;
  const { loadPerInstance, capacityPerInstance, at } = latest;
  const signals: Record<string, SignalReading> = {};
  for (const { selector, window } of sight.gauges) {
    const { key, signal, statistic } = selector;
    const sample = { loadPerInstance, capacityPerInstance, warmed };
    const instant = readSignal(signal, statistic, sample);
    const value = window === null ? instant : window.add(now, instant);
    signals[key] = { value, at, instances: warmed };
  }
  return signals;
}
