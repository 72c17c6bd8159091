// What someone should know although it changes no decision: alarms. They last as long as their cause.

import type { Reason } from './reason.ts';
import { findUnsettled } from './guardrails/coexistence.ts';
import type { GuardrailContext } from './guardrails/guardrail.ts';
import { findWaitEnd } from './guardrails/launch-failures.ts';
import { tighterBounds } from './guardrails/size-bounds.ts';

export function findNotices(context: GuardrailContext): readonly Reason[] {
  const { group, observation } = context;
  const notices: Reason[] = [];
  const reaction = group.coexistence?.reaction;
  if (reaction !== undefined && reaction !== 'own') {
    for (const change of findUnsettled(context)) {
      notices.push({ code: 'foreign-change', ...change, until: null });
    }
  }
  const { launchFailures } = observation;
  if (launchFailures !== undefined) {
    const { inARow, cause } = launchFailures;
    notices.push({ code: 'launch-failures', inARow, cause, until: findWaitEnd(launchFailures) });
  }
  if (group.budget !== undefined && observation.spending === undefined) {
    notices.push({ code: 'budget-unknown' });
  }
  const { max } = tighterBounds(group, context.capacity);
  for (const { reason } of context.opinions) {
    if (reason.code !== 'backlog-promise' || reason.add <= max) continue;
    notices.push({
      code: 'promise-beyond-max',
      promiseMs: reason.promiseMs,
      needed: reason.add,
      max,
    });
  }
  for (const unseen of observation.unseenSignals ?? []) {
    notices.push({ code: 'unseen-signal', ...unseen });
  }
  return notices;
}
