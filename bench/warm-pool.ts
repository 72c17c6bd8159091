// What a warm pool saves: the real controller on virtual time over the model of AWS, with a pool and
// without, on half an hour of twice the load in each two hours, at times that nobody knows.
//
//   npm run bench:warm-pool [seeds]

import { billOf } from '../src/cloud/billing.ts';
import { DEFAULT_WORLD_OPTIONS } from '../src/cloud/world-options.ts';
import type { WarmPoolTerms } from '../src/core/warm-pool/warm-pool.ts';
import { createRandom, drawUniform } from '../src/simulation/random.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { SimulatedController } from '../test/controller/simulated-controller.ts';

const hours = 32;
const scoredFromHour = 16;
const slotSeconds = 7200;
const burstSeconds = 1800;
const riseSeconds = 90;
/** Boots until useful take three minutes, starts from the pool half a minute (the model's default). */
const boot = {
  ...DEFAULT_WORLD_OPTIONS.boot,
  cold: { running: { medianMs: 10_000, sigma: 0.25 }, ready: { medianMs: 180_000, sigma: 0.25 } },
};
const pool: WarmPoolTerms = { state: 'stopped', min: 0, max: 12, volumesPerHour: 0.00088 };

function createLoad(seed: number): (second: number) => number {
  const random = createRandom(seed, 'bursts');
  const starts = Array.from({ length: (hours * 3600) / slotSeconds }, (_, slot) => {
    return slot * slotSeconds + drawUniform(random) * (slotSeconds - burstSeconds);
  });
  return (second) => {
    const since = second - (starts[Math.floor(second / slotSeconds)] ?? 0);
    const isUp = since >= 0 && since < burstSeconds;
    return 8 + (isUp ? 8 * Math.min(1, since / riseSeconds) : 0);
  };
}

interface Figures {
  readonly missedRatio: number;
  readonly dollars: number;
}

async function play(seed: number, warmPool: WarmPoolTerms | null): Promise<Figures> {
  const stand = new SimulatedController({
    group: {
      max: 40,
      warmupMs: 0,
      stabilization: { scaleOutMs: 0, scaleInMs: 0 },
      policies: [
        {
          type: 'demand',
          name: 'demand',
          violationRatio: 0.005,
          isForecasting: false,
          staleAfterMs: 30_000,
        },
      ],
      ...(warmPool !== null && { warmPool }),
    },
    store: createMemoryStore(),
    world: { boot, seed },
    desired: 9,
  });
  stand.load = null;
  await stand.start();
  const loadAt = createLoad(seed);
  const sums = { missed: 0, offered: 0, waitingHours: 0, billed: 0 };
  for (let second = 0; second < hours * 3600; second += 1) {
    if (second === scoredFromHour * 3600) sums.billed = billOf(stand.world).usd;
    const load = loadAt(second);
    const useful = stand.inService().filter(({ readyAt }) => readyAt <= stand.clock.now());
    const requests = (100 * load) / Math.max(1, useful.length);
    for (const { id } of useful) {
      stand.report(id, { cpu: Math.min(1, requests / 100), requestsPerSecond: requests });
    }
    if (second >= scoredFromHour * 3600) {
      sums.offered += load;
      sums.missed += Math.max(0, load - useful.length);
      sums.waitingHours += countResting(stand) / 3600;
    }
    await stand.run(1);
  }
  const volumes = sums.waitingHours * pool.volumesPerHour;
  const dollars = billOf(stand.world).usd - sums.billed + volumes;
  return { missedRatio: sums.missed / sums.offered, dollars };
}

function countResting({ world }: SimulatedController): number {
  const all = [...world.instances.values()];
  return all.filter(({ lifecycle }) => lifecycle === 'Warmed:Stopped').length;
}

const seeds = Number(process.argv[2] ?? 3);
process.stdout.write('seed  without: unserved, cost   with: unserved, cost   saved\n');
for (let seed = 1; seed <= seeds; seed += 1) {
  const without = await play(seed, null);
  const withPool = await play(seed, pool);
  const say = ({ missedRatio, dollars }: Figures): string =>
    `${(100 * missedRatio).toFixed(2)} %  $${dollars.toFixed(2)}`;
  const saved = `${(100 * (1 - withPool.dollars / without.dollars)).toFixed(0)} %`;
  process.stdout.write(`${seed}     ${say(without)}        ${say(withPool)}       ${saved}\n`);
}
