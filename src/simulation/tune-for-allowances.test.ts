import { describe, expect, it } from 'vitest';

import { standardArena } from './arena.ts';
import type { Arena } from './arena.ts';
import { generators } from './load/index.ts';
import { rivals } from './rivals/index.ts';
import type { Rival } from './rivals/rival.ts';
import { tuneForAllowances } from './tune-for-allowances.ts';
import { cheapestWithin, tuneInHindsight } from './tune-in-hindsight.ts';
import { prepareWorkload } from './workload.ts';

const allowances = [0.001, 0.005, 0.01];

function makeArena(): Arena {
  const durationSeconds = 4 * 3600;
  const options = { durationSeconds, workPerSecond: 100, noise: 'poisson', seed: 5 } as const;
  const reading = prepareWorkload(generators['flash-crowd'](options));
  if (reading.kind === 'refused') throw new Error(reading.message);
  return { ...standardArena, launchFailureRatio: 0.05, workload: reading.workload };
}

function rivalNamed(name: string): Rival {
  const rival = rivals.find((one) => one.name === name);
  if (rival === undefined) throw new Error(`no rival ${name}`);
  return rival;
}

describe('tuning for several allowances', () => {
  const arena = makeArena();

  it.each(['kubernetes-hpa', 'gce-managed-group', 'aws-target-tracking-10s'])(
    'finds for %s what the whole grid finds, within a few percent',
    (name) => {
      const rival = rivalNamed(name);
      const { telemetry } = rival;
      const found = tuneForAllowances(rival, arena, { seeds: [1], telemetry, allowances });
      const all = tuneInHindsight(rival, arena, { seeds: [1] });
      for (const [index, allowance] of allowances.entries()) {
        const best = cheapestWithin(all, allowance);
        const cost = found[index]?.costInstanceSeconds;
        expect(cost === undefined).toBe(best === undefined);
        if (cost === undefined || best === undefined) continue;
        expect(cost).toBeGreaterThanOrEqual(best.costInstanceSeconds);
        expect(cost).toBeLessThan(best.costInstanceSeconds * 1.05);
      }
    },
  );

  it('keeps each allowance in the mean over every seed, or finds nothing', () => {
    const rival = rivalNamed('kubernetes-hpa');
    const { telemetry } = rival;
    const found = tuneForAllowances(rival, arena, { seeds: [1, 2, 3], telemetry, allowances });
    for (const [index, trial] of found.entries()) {
      expect(trial?.violationShare ?? 0).toBeLessThanOrEqual(allowances[index] ?? 0);
    }
    expect(found.some((trial) => trial !== undefined)).toBe(true);
  });

  it('runs a rule without a target once for all', () => {
    const rival = rivalNamed('static-peak');
    const { telemetry } = rival;
    const found = tuneForAllowances(rival, arena, { seeds: [1], telemetry, allowances });
    expect(new Set(found.map((trial) => trial?.costInstanceSeconds)).size).toBe(1);
  });
});
