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
  const waiting =
    visible > 0
      ? `${sayMessages(visible)}, the oldest for ${sayDuration(oldestMs)}`
      : 'no message waits';
  const working = `${inFlight} ${inFlight === 1 ? 'is' : 'are'} worked on`;
  const learned = `one takes ${sayDuration(meanMs)}, a launch up to ${sayDuration(leadMs)}`;
  const needed = `a promise of ${sayDuration(promiseMs)} needs ${sayCount(add, 'instance')}`;
  const sizes = `${needed}, and ${keep} ${keep === 1 ? 'is' : 'are'} worth keeping`;
  const late = hopeless > 0 ? `; ${sayNumber(hopeless)} are too late already` : '';
  return `${waiting}, and ${working}; ${learned}: ${sizes}${late}`;
}

function sayMessages(messages: number): string {
  return `${sayNumber(messages)} ${messages === 1 ? 'message waits' : 'messages wait'}`;
}
