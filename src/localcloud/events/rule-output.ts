// Rules with EventBridge's member names.

import type { EventRule } from '../../cloud/events/event-bus.ts';
import type { CallContext } from '../service.ts';

type Output = Readonly<Record<string, unknown>>;

export function ruleOutput(rule: EventRule, call: CallContext): Output {
  return {
    Name: rule.name,
    Arn: arnOf(rule, call),
    EventPattern: rule.pattern === undefined ? undefined : JSON.stringify(rule.pattern),
    ScheduleExpression: rule.schedule,
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    Description: rule.description,
    EventBusName: 'default',
  };
}

export function arnOf({ name }: EventRule, { region, accountId }: CallContext): string {
  return `arn:aws:events:${region}:${accountId}:rule/${name}`;
}
