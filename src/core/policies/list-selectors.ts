// Which numbers a group's policies need: what the fleet has to read.

import { listOperands } from '../expression.ts';
import type { SignalSelector } from '../signal.ts';
import { readsSignals, type Policy } from './policy.ts';

/** Each once, in the order of the policies; an expression by the selectors in it. */
export function listSelectors(policies: readonly Policy[]): readonly SignalSelector[] {
  const tracked = policies.filter(readsSignals).flatMap(listTracked);
  const selectors = [...tracked, ...policies.flatMap(listGroupCounts)].flatMap(listRead);
  return [...new Map(selectors.map((selector) => [selector.key, selector])).values()];
}

function listTracked(policy: Policy & { readonly selector: SignalSelector }): SignalSelector[] {
  const others = policy.type === 'target-tracking' ? (policy.others ?? []) : [];
  return [policy.selector, ...others.map(({ selector }) => selector)];
}

function listGroupCounts(policy: Policy): SignalSelector[] {
  if (policy.type !== 'backlog' || policy.messageGroups?.kind !== 'signal') return [];
  return [policy.messageGroups.selector];
}

function listRead(selector: SignalSelector): readonly SignalSelector[] {
  return selector.expression === undefined ? [selector] : listOperands(selector.expression);
}
