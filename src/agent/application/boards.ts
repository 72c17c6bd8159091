// What applications on the instance may write on.

import { SignalBoard } from './signal-board.ts';
import { WorkBoard } from './work-board.ts';

export interface Boards {
  readonly signals: SignalBoard;
  readonly work: WorkBoard;
  /** What the agent says of the instance. */
  state(): 'online' | 'draining';
}

/** What stands on them is dropped when nobody renews it for so long. */
export function createBoards(lifetimeMs: number, state: Boards['state'] = () => 'online'): Boards {
  return { signals: new SignalBoard(lifetimeMs), work: new WorkBoard(lifetimeMs), state };
}
