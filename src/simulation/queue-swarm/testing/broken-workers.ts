// Workers with one fault each, and the rule that shows it.

import { settleMessage } from '../../../worker/course.ts';
import type { QueueRule } from '../queue-rules.ts';
import { soundRules, type WorkerRules } from '../simulated-worker.ts';

export interface BrokenWorker {
  readonly fault: string;
  readonly breaks: QueueRule;
  readonly rules: WorkerRules;
}

export const brokenWorkers: readonly BrokenWorker[] = [
  {
    fault: 'deletes a message before it handles it',
    breaks: 'deleted-unhandled',
    rules: { ...soundRules, deletesFirst: true },
  },
  {
    fault: 'deletes a message before it handles it, and is killed',
    breaks: 'lost',
    rules: { ...soundRules, deletesFirst: true },
  },
  {
    fault: 'does not give back what is in hand at the deadline',
    breaks: 'kept-past-deadline',
    rules: { ...soundRules, givesBack: false },
  },
  {
    fault: 'goes on receiving while it drains',
    breaks: 'received-draining',
    rules: { ...soundRules, mayReceive: () => true, judgeArrival: () => 'handle' },
  },
  {
    fault: 'says that it has drained while it works',
    breaks: 'in-hand-after-drain',
    rules: { ...soundRules, isDrained: ({ isDraining }) => isDraining },
  },
  {
    fault: 'deletes what has failed',
    breaks: 'deleted-unhandled',
    rules: {
      ...soundRules,
      settleMessage: (ending, receiveCount) =>
        ending === 'failed' ? { kind: 'delete' } : settleMessage(ending, receiveCount),
    },
  },
  {
    fault: 'hides what it gives back',
    breaks: 'not-returned',
    rules: {
      ...soundRules,
      settleMessage: (ending, receiveCount) =>
        settleMessage(ending === 'returned' ? 'failed' : ending, receiveCount),
    },
  },
  {
    fault: 'hides a message for longer than it is set to',
    breaks: 'hidden-too-long',
    rules: { ...soundRules, hiddenRatio: 10 },
  },
  {
    fault: 'passes over the order to drain',
    breaks: 'kept-past-deadline',
    rules: { ...soundRules, beginDrain: (course) => course },
  },
  {
    fault: 'passes over the order to drain, and takes a message after its report',
    breaks: 'ended-at-work',
    rules: { ...soundRules, beginDrain: (course) => course },
  },
];
