// What the backlog policy says of a queue, as a sentence.

import { sayCount, sayDuration, sayNumber } from './phrase.ts';
import type { Reason } from './reason.ts';

type Backlog = Extract<Reason, { readonly code: 'backlog-promise' | 'backlog-recipe' }>;

export function explainBacklog(reason: Backlog): string {
  const { visible, inFlight, meanMs } = reason;
  if (reason.code === 'backlog-recipe') {
    const { backlog, target } = reason;
    const acceptable = `${sayNumber(target)} are acceptable at ${sayDuration(meanMs)} a message`;
    if (backlog === null) {
      return `${sayNumber(visible)} messages wait, and there is no instance to share them; ${acceptable}`;
    }
    return `${sayNumber(backlog)} messages wait for each instance, and ${acceptable}`;
  }
  const { oldestMs, leadMs, promiseMs, add, keep, hopeless } = reason;
  const waiting = `${sayCount(visible, 'message waits', 'messages wait')}, the oldest for ${sayDuration(oldestMs)}`;
  const working = `${inFlight} ${inFlight === 1 ? 'is' : 'are'} worked on`;
  const learned = `one takes ${sayDuration(meanMs)} and a launch ${sayDuration(leadMs)} or less`;
  const sizes = `${sayDuration(promiseMs)} need ${add} and ${keep} are worth keeping`;
  const late = hopeless > 0 ? `; ${sayNumber(hopeless)} are too late already` : '';
  return `${waiting}, and ${working}; ${learned}, so ${sizes}${late}`;
}
