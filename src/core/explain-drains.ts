// Who drains, since when and until when, as sentences.

import { drainAnswerMs } from './drains.ts';
import type { Decision } from './decision.ts';
import { sayCount, sayDuration } from './phrase.ts';
import type { Drain } from './state.ts';

/** Instances are named as long as a sentence can hold them. */
const namedMax = 3;

/** One line for each that drains, and for each that is waited for as before. */
export function explainDrains({ draining = [], callsOff = [], at }: Decision): readonly string[] {
  return [
    ...draining.map((drain) => explainDrain(drain, at)),
    ...callsOff.map(
      (instance) =>
        `${instance} did not answer within ${sayDuration(drainAnswerMs)} that it drains: it counts again, and is ended when it has no work in hand`,
    ),
  ];
}

function explainDrain({ instance, since, until, saidAt }: Drain, at: number): string {
  const told =
    at === since ? 'is told to drain' : `was told to drain ${sayDuration(at - since)} ago`;
  const answer = at === since || saidAt !== null ? '' : ' and has not answered yet';
  if (at >= until) return `${instance} ${told}${answer}: its time is over`;
  const end = `when it has no work in hand, and in ${sayDuration(until - at)} at the latest`;
  return `${instance} ${told}${answer}; it is ended ${end}`;
}

/** What a decision does about instances by name: ` by …`, or nothing. */
export function describeMeans(decision: Decision): string {
  const { cancels, endsIdle, endsDrained } = decision;
  if (cancels === undefined) return '';
  if (endsDrained === true) return ` by ending ${nameThem(cancels)}, told to drain before`;
  if (endsIdle === true) return ` by ending ${nameThem(cancels)} without work in hand`;
  return ` by cancelling ${sayCount(cancels.length, 'pending launch', 'pending launches')}`;
}

/** What it begins or has begun with busy ones: `, i-1 drains` or nothing. */
export function describeDraining({ drains, draining = [] }: Decision): string {
  const before = draining.length - (drains?.length ?? 0);
  const begun = drains === undefined ? '' : `, telling ${nameThem(drains)} to drain`;
  const rest = before > 0 ? `, ${before} of them draining` : '';
  return `${rest}${begun}`;
}

function nameThem(instances: readonly string[]): string {
  if (instances.length <= namedMax) return instances.join(', ');
  return sayCount(instances.length, 'instance', 'instances');
}
