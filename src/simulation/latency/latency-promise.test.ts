// A demand policy that promises a latency, on Poisson load: what the queueing model says of the sizes
// that it chose, and what a queue does that is served request by request.

import { describe, expect, it } from 'vitest';
import type { Group } from '../../core/group.ts';
import { runContender, standardArena } from '../arena.ts';
import { createDemandGroup } from '../demand-group.ts';
import { agentTelemetry } from '../fluid/telemetry.ts';
import { createForetideScaler } from '../foretide-scaler.ts';
import { generateDiurnal } from '../load/generators.ts';
import { createRandom, drawUniform, type Random } from '../random.ts';
import { prepareWorkload, type Workload } from '../workload.ts';
import { measureLatency } from './measure-latency.ts';

const seed = 11;
const perInstance = 20;
const serviceMs = 50;

function prepareDay(): Workload {
  const load = generateDiurnal({
    durationSeconds: 86_400,
    workPerSecond: 120,
    noise: 'poisson',
    seed,
  });
  const reading = prepareWorkload(load, { capacityPerInstance: perInstance });
  if (reading.kind === 'refused') throw new Error(reading.message);
  return reading.workload;
}

function createGroup(promiseMs: number, tailRatio: number): Group {
  const group = createDemandGroup({
    violationRatio: 0.005,
    isForecasting: false,
    min: 1,
    max: 100,
  });
  const service = { kind: 'fixed', serviceMs } as const;
  const policies = group.policies.map((policy) =>
    policy.type === 'demand' ? { ...policy, latency: { promiseMs, tailRatio, service } } : policy,
  );
  return { ...group, policies };
}

function run(workload: Workload, group: Group): Float64Array {
  const inService = new Float64Array(86_400);
  runContender(
    { ...standardArena, workload },
    {
      scaler: createForetideScaler({ group, staleAfterMs: 10_000, workload }),
      telemetry: { ...agentTelemetry, isCensored: false },
      scaleInOrder: 'newest-pending-first',
      warmupSeconds: 0,
      warmupFrom: 'service',
      record: (second, size) => {
        inService[second] = size;
      },
    },
    seed,
  );
  return inService;
}

function drawExponential(random: Random, mean: number): number {
  return -mean * Math.log(drawUniform(random));
}

/** The share of the requests of some hours that take longer, each served by the slot first free. */
function serveEach(
  workload: Workload,
  inService: Float64Array,
  span: { readonly from: number; readonly to: number; readonly promiseMs: number },
): number {
  const random = createRandom(seed, 'requests');
  let freeAt: number[] = [];
  const counts = { all: 0, late: 0 };
  for (let second = span.from; second < span.to; second += 1) {
    const slots = inService[second] ?? 1;
    // Those that leave first are the ones that are free.
    freeAt.sort((one, other) => other - one);
    freeAt = freeAt.slice(0, slots);
    while (freeAt.length < slots) freeAt.push(second);
    const arrivals = Math.round(workload.load.workPerSecond[second] ?? 0);
    const times = Array.from({ length: arrivals }, () => second + drawUniform(random));
    for (const at of times.toSorted((one, other) => one - other)) {
      let first = 0;
      for (let slot = 1; slot < freeAt.length; slot += 1) {
        if ((freeAt[slot] ?? 0) < (freeAt[first] ?? 0)) first = slot;
      }
      const ends = Math.max(at, freeAt[first] ?? at) + drawExponential(random, serviceMs / 1000);
      freeAt[first] = ends;
      counts.all += 1;
      if (ends - at > span.promiseMs / 1000) counts.late += 1;
    }
  }
  return counts.late / counts.all;
}

describe(`a promise of latency on Poisson load (seed ${seed})`, () => {
  const workload = prepareDay();
  const serviceSeconds = serviceMs / 1000;

  it('is kept at p95 and at p99, by the queueing model', { timeout: 120_000 }, () => {
    for (const [promiseMs, tailRatio] of [
      [200, 0.05],
      [300, 0.01],
    ] as const) {
      const inService = run(workload, createGroup(promiseMs, tailRatio));
      const { p95Ms, p99Ms } = measureLatency({ workload, inService, serviceSeconds });
      expect(tailRatio === 0.05 ? p95Ms : p99Ms).toBeLessThanOrEqual(promiseMs);
    }
    const plain = run(
      workload,
      createDemandGroup({ violationRatio: 0.005, isForecasting: false, min: 1, max: 100 }),
    );
    const { p95Ms } = measureLatency({ workload, inService: plain, serviceSeconds });
    expect(p95Ms).toBeGreaterThan(300);
  });

  it('is kept in a queue that is served request by request', { timeout: 120_000 }, () => {
    const promiseMs = 200;
    const inService = run(workload, createGroup(promiseMs, 0.05));
    const late = serveEach(workload, inService, { from: 36_000, to: 57_600, promiseMs });
    expect(late).toBeLessThanOrEqual(0.05);
    expect(late).toBeGreaterThan(0.01);
  });
});
