// The rules that queue workers are held to, by name, and what broke them.

/** Each rule and what it demands, for people. */
export const queueRules = {
  lost: 'every message is in the end done or in the dead-letter queue',
  'deleted-unhandled': 'no message is deleted before its handler has finished',
  'hidden-too-long': 'a killed worker’s messages are visible within the visibility timeout',
  'not-returned': 'a message that is given back is visible to others at once',
  'received-draining': 'a worker that drains asks for no more messages',
  'kept-past-deadline': 'what is in hand when the time to drain is over is given back',
  'in-hand-after-drain': 'a worker that says it has drained has nothing in hand',
  'ended-at-work': 'nobody who drains is ended with work in hand before the deadline',
  'internal-error': 'the controller reports no bug of its own',
} as const;

export type QueueRule = keyof typeof queueRules;

export interface QueueViolation {
  readonly rule: QueueRule;
  /** Since the start of the run. */
  readonly atMs: number;
  readonly detail: string;
}
