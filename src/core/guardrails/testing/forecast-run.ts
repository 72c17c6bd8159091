// A group with a demand policy, and a fleet that gets what is decided at once: for tests of what is
// launched for a forecast beside what the load alone asks for.

import { conclude } from '../../conclude.ts';
import { decide } from '../../decide.ts';
import type { DemandReading } from '../../demand/demand-reading.ts';
import type { Group } from '../../group.ts';
import type { Observation } from '../../observation.ts';
import { initialState, type GroupState } from '../../state.ts';

export function createDemandGroup(changes: Partial<Group>): Group {
  return {
    name: 'web',
    mode: 'active',
    min: 1,
    max: 1000,
    warmupMs: 0,
    cooldown: { scaleOutMs: 0, scaleInMs: 0 },
    stabilization: { scaleOutMs: 0, scaleInMs: 0 },
    minReportingRatio: 0.5,
    policies: [
      {
        type: 'demand',
        name: 'demand',
        violationRatio: 0.005,
        isForecasting: true,
        staleAfterMs: 30_000,
      },
    ],
    ...changes,
  };
}

export interface ForecastRun {
  state: GroupState;
  size: number;
}

export function createForecastRun(size: number): ForecastRun {
  return { state: initialState, size };
}

/** In instances. */
export interface Asked {
  /** What the load alone asks for. */
  readonly need: number;
  /** What the forecast adds to it. */
  readonly ahead: number;
}

export function decideOnce(
  run: ForecastRun,
  group: Group,
  { need, ahead }: Asked,
  { now, ...more }: { readonly now: number } & Pick<Observation, 'spending'>,
): void {
  const demand: DemandReading = {
    at: now,
    demand: need,
    capacityPerInstance: 1,
    leadMs: 120_000,
    floor: 1,
    add: need + ahead,
    keep: need + ahead,
    reactive: { add: need, keep: need },
    riskRatio: 0.05,
    isForecast: ahead > 0,
    unservedRatio: 0,
    isCensored: false,
  };
  const { size } = run;
  const counts = { inService: size, pending: 0, terminating: 0 };
  const observation: Observation = {
    capacity: { describedAt: now, min: 0, max: 1000, desired: size, ...counts },
    fleet: { warmed: size, warming: 0, expected: size, reporting: size, silent: 0 },
    signals: {},
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
    demand,
    ...more,
  };
  const { state, decision } = decide(group, run.state, observation, now);
  run.state = state;
  if (!decision.acts) return;
  run.size = decision.to;
  run.state = conclude(state, decision, { kind: 'accepted' }, now);
}
