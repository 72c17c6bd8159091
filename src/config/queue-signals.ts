// The names under which a backlog policy's queue is counted: signals like any other, in the history
// and in metrics.

const prefix = 'queue:';

export const queueSignals = {
  visible: `${prefix}visible`,
  inFlight: `${prefix}inFlight`,
  dead: `${prefix}dead`,
} as const;

/** Names that sources in a file may not have. */
export function isQueueSignal(name: string): boolean {
  return name.startsWith(prefix);
}
