import { describe, expect, it } from 'vitest';
import type { Decision } from './decision.ts';
import type { Group } from './group.ts';
import type { Observation } from './observation.ts';
import { beginReporting, reportEntry, type ShadowReport } from './shadow-report.ts';
import { selectSignal } from './signal.ts';

const selector = selectSignal('cpu', 'mean', 1000);
const group: Group = {
  name: 'web',
  mode: 'advise',
  min: 1,
  max: 20,
  warmupMs: 2000,
  cooldown: { scaleOutMs: 0, scaleInMs: 0 },
  stabilization: { scaleOutMs: 0, scaleInMs: 0 },
  minReportingRatio: 0.5,
  policies: [
    {
      type: 'target-tracking',
      name: 'cpu',
      selector,
      target: 0.5,
      tolerance: { scaleOutRatio: 0, scaleInRatio: 0 },
    },
  ],
};

function observe(at: number, size: number, cpu: number): Observation {
  const counts = { inService: size, pending: 0, terminating: 0 };
  return {
    capacity: { describedAt: at, min: 1, max: 20, desired: size, ...counts },
    fleet: { warmed: size, warming: 0, expected: size, reporting: size, silent: 0 },
    signals: { [selector.key]: { value: cpu, at, instances: size } },
    telemetry: 'connected',
    overrides: [],
    isJournalWritable: true,
    heldBy: null,
  };
}

function advise(at: number, from: number, to: number): Decision {
  const kind = to > from ? 'scale-out' : to < from ? 'scale-in' : 'hold';
  const parts = { recommendations: [], adjustments: [], acts: false };
  return { group: 'web', at, kind, from, to, wanted: to, ...parts };
}

/** A second each: the size that was, the size decided for, the CPU that was. */
function run(seconds: readonly (readonly [number, number, number])[]): ShadowReport {
  let reporting = beginReporting(group);
  for (const [index, [size, to, cpu]] of [...seconds, [1, 1, 0] as const].entries()) {
    const at = index * 1000;
    const observation = observe(at, size, cpu);
    const decision = advise(at, size, to);
    reporting = reportEntry(reporting, { kind: 'tick', at, observation, decision });
  }
  return reporting.report;
}

describe('the report of a shadow', () => {
  it('adds up the sizes there were, and those that were decided for', () => {
    const { ms, was, wouldBe } = run([
      [4, 4, 0.4],
      [4, 2, 0.2],
      [4, 2, 0.2],
    ]);
    expect(ms).toBe(3000);
    expect(was).toMatchObject({ instanceMs: 12_000, changes: 0 });
    expect(wouldBe).toMatchObject({ instanceMs: 8000, changes: 1 });
  });

  it('counts the time above target, and what was missing then', () => {
    const { estimatedMs, neededMs, was } = run([
      [4, 4, 0.5],
      [4, 6, 0.75],
    ]);
    expect({ estimatedMs, neededMs }).toEqual({ estimatedMs: 2000, neededMs: 10_000 });
    expect(was).toMatchObject({ shortMs: 1000, missingMs: 2000 });
  });

  it('takes what would have been added for ready only after the warm-up', () => {
    const { wouldBe } = run([
      [4, 4, 0.5],
      [4, 6, 0.75],
      [4, 6, 0.75],
      [4, 6, 0.75],
    ]);
    expect(wouldBe).toMatchObject({ shortMs: 1000, missingMs: 2000 });
  });

  it('takes what would have been removed for gone at once', () => {
    const { was, wouldBe } = run([
      [4, 2, 0.5],
      [4, 4, 0.5],
    ]);
    expect(was.shortMs).toBe(0);
    expect(wouldBe).toMatchObject({ shortMs: 2000, missingMs: 4000 });
  });

  it('lets a decision stand for ten seconds at most', () => {
    let reporting = beginReporting(group);
    for (const at of [0, 60_000]) {
      const entry = { at, observation: observe(at, 2, 0.5), decision: advise(at, 2, 2) };
      reporting = reportEntry(reporting, { kind: 'tick', ...entry });
    }
    expect(reporting.report.ms).toBe(10_000);
  });
});
