// What applications on the instance may write on.

import { SignalBoard } from './signal-board.ts';
import { WorkBoard } from './work-board.ts';

export interface Boards {
  readonly signals: SignalBoard;
  readonly work: WorkBoard;
  /** What the agent says of the instance. */
  state(): InstanceOutlook;
}

export interface InstanceOutlook {
  readonly state: 'online' | 'draining';
  /** When a draining instance is ended at the latest, from now; absent where nobody said. */
  readonly withinMs?: number;
}

/** What stands on them is dropped when nobody renews it for so long. */
export function createBoards(
  lifetimeMs: number,
  state: Boards['state'] = () => ({ state: 'online' }),
): Boards {
  const isDraining = (): boolean => state().state === 'draining';
  const work = new WorkBoard(lifetimeMs, isDraining);
  return { signals: new SignalBoard(lifetimeMs), work, state };
}
