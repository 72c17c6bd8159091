// What a client may publish, subscribe to and receive. Closed: what is not said here is refused.

import { sharedSubscriptionPrefix } from '../mqtt/topic-filter.ts';
import { instanceTopic, parseTopic } from '../wire/topics.ts';

/** Who a client turned out to be. */
export type Principal =
  /** On loopback, without a login. */
  | { readonly role: 'anonymous' }
  | { readonly role: 'agent'; readonly group: string; readonly instance: string }
  | { readonly role: 'load' }
  | { readonly role: 'reader' }
  | { readonly role: 'controller' };

export interface Rights {
  mayPublish(topic: string): boolean;
  maySubscribe(filter: string): boolean;
  /** Asked again for each message on its way out: a session may be older than the rights. */
  mayReceive(topic: string): boolean;
}

const nothing = (): boolean => false;
const anything = (): boolean => true;

export function rightsOf(principal: Principal, loadTopics: ReadonlySet<string>): Rights {
  switch (principal.role) {
    case 'anonymous':
      return {
        mayPublish: (topic) => loadTopics.has(topic) || isFromAnInstance(topic),
        maySubscribe: isPlainSubscription,
        mayReceive: anything,
      };
    case 'agent':
      return rightsOfAgent(principal.group, principal.instance);
    case 'load':
      return {
        mayPublish: (topic) => loadTopics.has(topic),
        maySubscribe: (filter) => loadTopics.has(filter),
        mayReceive: (topic) => loadTopics.has(topic),
      };
    case 'reader':
      return { mayPublish: nothing, maySubscribe: isPlainSubscription, mayReceive: anything };
    case 'controller':
      return {
        mayPublish: (topic) => !topic.startsWith('$') && isConcrete(topic),
        maySubscribe: isPlainSubscription,
        mayReceive: anything,
      };
  }
}

/** What someone may publish, in words. */
export function describeRights(principal: Principal): string {
  switch (principal.role) {
    case 'anonymous':
      return 'reports and statuses of instances, and the load topics of the configuration';
    case 'agent':
      return `report and status of instance ${principal.instance} of group ${principal.group}`;
    case 'load':
      return 'the load topics of the configuration';
    case 'reader':
      return 'none';
    case 'controller':
      return 'all topics that do not begin with $';
  }
}

function rightsOfAgent(group: string, instance: string): Rights {
  const report = instanceTopic('report', group, instance);
  const status = instanceTopic('status', group, instance);
  const command = instanceTopic('command', group, instance);
  return {
    mayPublish: (topic) => {
      if (topic === report || topic === status) return true;
      // Another spelling of the same names: other encoders escape more characters.
      if (!isFromAnInstance(topic)) return false;
      const parsed = parseTopic(topic);
      return parsed !== null && 'instance' in parsed
        ? parsed.group === group && parsed.instance === instance
        : false;
    },
    // Only this spelling: a group that is named `+` must not become a wildcard.
    maySubscribe: (filter) => filter === command,
    mayReceive: (topic) => topic === command,
  };
}

/** What an agent says; never what is said to one. */
function isFromAnInstance(topic: string): boolean {
  const kind = isConcrete(topic) ? parseTopic(topic)?.kind : undefined;
  return kind === 'report' || kind === 'status';
}

/** A last will comes past the broker's own check for wildcards. */
function isConcrete(topic: string): boolean {
  return !topic.includes('+') && !topic.includes('#');
}

function isPlainSubscription(filter: string): boolean {
  return !filter.startsWith(sharedSubscriptionPrefix);
}
