// The fault swarm: seeded runs of the real controller over everything simulated, a thread per core.
//   npm run swarm -- --seeds 1000 [--from 1] [--workers 4]
//   npm run swarm -- --seed 17 [--verbose]
// Ends with 0 if no rule was broken, 1 if one was, 2 if an argument is wrong.

import { runSeed, type SeedResult } from '../src/simulation/swarm/swarm-run.ts';
import { rules } from '../src/simulation/swarm/violation.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { runSwarm } from './seed-runner.ts';

process.exitCode = await runSwarm<SeedResult>({
  command: 'npm run swarm',
  module: import.meta.url,
  rules,
  sums: {
    ticks: ({ ticks }) => ticks,
    acts: ({ acts }) => acts,
    faults: ({ faults }) => faults,
    crashes: ({ crashes }) => crashes,
  },
  run: (seed, isTraced) => runSeed(seed, { createStore: createMemoryStore, isTraced }),
});
