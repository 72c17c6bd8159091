// The queue swarm: seeded runs of workers, a queue and the real controller, a thread per core.
//   npm run swarm:queue -- --seeds 1000 [--from 1] [--workers 4]
//   npm run swarm:queue -- --seed 17 [--verbose]
// Ends with 0 if no rule was broken, 1 if one was, 2 if an argument is wrong.

import { runQueueSeed, type QueueSeedResult } from '../src/simulation/queue-swarm/queue-run.ts';
import { queueRules } from '../src/simulation/queue-swarm/queue-rules.ts';
import { createMemoryStore } from '../src/store/memory-store.ts';
import { runSwarm } from './seed-runner.ts';

process.exitCode = await runSwarm<QueueSeedResult>({
  command: 'npm run swarm:queue',
  module: import.meta.url,
  rules: queueRules,
  sums: {
    messages: ({ sent }) => sent,
    'of them laid aside': ({ dead }) => dead,
    received: ({ counts }) => counts.received,
    'given back': ({ counts }) => counts.returned,
    'in the hands of a killed worker': ({ counts }) => counts.orphaned,
    faults: ({ faults }) => faults,
    'instances ended after a drain': ({ endedDrained }) => endedDrained,
    'at its deadline with work in hand': ({ endedLate }) => endedLate,
    idle: ({ endedIdle }) => endedIdle,
    'of those with a message since their last report': ({ endedIdleAtWork }) => endedIdleAtWork,
  },
  run: (seed, isTraced) => runQueueSeed(seed, { createStore: createMemoryStore, isTraced }),
});
