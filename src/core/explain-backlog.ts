// What the backlog policy says of a queue, as a sentence.

import { isWorthRenewing } from './policies/backlog/setter.ts';
import { sayCount, sayDuration, sayNumber } from './phrase.ts';
import type { Reason } from './reason.ts';

type Backlog = Extract<Reason, { readonly code: `backlog-${string}` }>;

export function explainBacklog(reason: Backlog): string {
  const { visible, inFlight, meanMs } = reason;
  if (reason.code === 'backlog-setter') return explainSetter(reason);
  if (reason.code === 'backlog-recipe') {
    const { backlog, target } = reason;
    const acceptable = `${sayNumber(target)} are acceptable at ${sayDuration(meanMs)} a message`;
    if (backlog === null) {
      return `${sayNumber(visible)} messages wait, and there is no instance to share them; ${acceptable}`;
    }
    return `${sayNumber(backlog)} messages wait for each instance, and ${acceptable}${sayGroups(reason)}`;
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
  return `${waiting}, and ${working}; ${learned}: ${sizes}${late}${sayGroups(reason)}`;
}

/** The limit of a FIFO queue, where it binds. */
function sayGroups({ messageGroups }: { readonly messageGroups?: number }): string {
  if (messageGroups === undefined) return '';
  const groups = sayCount(messageGroups, 'message group');
  return `; FIFO: ${groups}, so no more than ${sayCount(messageGroups, 'worker')}`;
}

function explainSetter(reason: Extract<Backlog, { readonly code: 'backlog-setter' }>): string {
  const { backlog, native, present, problem } = reason;
  const charge = `AWS's policy ${native} is in charge`;
  const waiting = `${sayMessages(backlog)} for each instance`;
  const has =
    present === null ? 'its target is not known yet' : `its target is ${sayNumber(present)}`;
  const seen = `${charge}: ${waiting}, and ${has}`;
  return problem === null ? `${seen}; ${sayTarget(reason)}` : `${seen}; ${problem}`;
}

function sayTarget(reason: Extract<Backlog, { readonly code: 'backlog-setter' }>): string {
  const { held, isFixed, meanMs, present, target } = reason;
  const origin = isFixed ? 'as configured' : `at ${sayDuration(meanMs)} a message`;
  const acceptable = `${sayNumber(target)} ${origin}`;
  if (present === null) return `it should be ${acceptable}`;
  if (!isWorthRenewing({ present, target, isFixed })) {
    return `it need not be renewed: ${acceptable}`;
  }
  const isLowered = held === 'scale-out-only' && target < present;
  switch (isLowered ? null : held) {
    case null:
      return `${acceptable} is what it is given next`;
    case 'mode':
      return `${acceptable} is what it would be given if the mode let it`;
    case 'paused':
      return `${acceptable} is what it will be given when the pause ends`;
    case 'scale-out-only':
      return `${acceptable} might let instances go, and the mode is scale-out-only`;
  }
}

function sayMessages(messages: number): string {
  return `${sayNumber(messages)} ${messages === 1 ? 'message waits' : 'messages wait'}`;
}
