import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  controllerTopic,
  decisionTopic,
  instanceTopic,
  instanceTopicFilter,
} from '../wire/topics.ts';
import { type Principal, rightsOf } from './rights.ts';

const loadTopics = new Set(['ec2/load']);
const agent: Principal = { role: 'agent', group: 'web', instance: 'i-1' };
const topics = {
  ownReport: instanceTopic('report', 'web', 'i-1'),
  ownStatus: instanceTopic('status', 'web', 'i-1'),
  ownCommand: instanceTopic('command', 'web', 'i-1'),
  otherReport: instanceTopic('report', 'web', 'i-2'),
  otherGroup: instanceTopic('report', 'api', 'i-1'),
  decision: decisionTopic('web'),
  controller: controllerTopic('web'),
  load: 'ec2/load',
  unknown: 'devices/7',
  system: '$SYS/x/heartbeat',
};
type TopicName = keyof typeof topics;
const names = Object.keys(topics) as TopicName[];

function publishable(principal: Principal): TopicName[] {
  const rights = rightsOf(principal, loadTopics);
  return names.filter((name) => rights.mayPublish(topics[name]));
}

describe('rights to publish', () => {
  const cases: [Principal, TopicName[]][] = [
    [{ role: 'anonymous' }, ['ownReport', 'ownStatus', 'otherReport', 'otherGroup', 'load']],
    [agent, ['ownReport', 'ownStatus']],
    [{ role: 'load' }, ['load']],
    [{ role: 'reader' }, []],
    [{ role: 'controller' }, names.filter((name) => name !== 'system')],
  ];
  it.each(cases)('%j: %j', (principal, expected) => {
    expect(publishable(principal)).toEqual(expected);
  });

  it('never cover a topic with a wildcard, as a last will may have', () => {
    for (const [principal] of cases) {
      const rights = rightsOf(principal, loadTopics);
      expect(rights.mayPublish(instanceTopicFilter('status'))).toBe(false);
      expect(rights.mayPublish('foretide/v1/#')).toBe(false);
    }
  });

  it('hold for an agent in whatever way its names are escaped', () => {
    const rights = rightsOf({ role: 'agent', group: 'web(1)', instance: 'i' }, loadTopics);
    expect(rights.mayPublish('foretide/v1/web(1)/i/report')).toBe(true);
    expect(rights.mayPublish('foretide/v1/web%281%29/%69/status')).toBe(true);
    expect(rights.mayPublish('foretide/v1/web%281%29/%69/command')).toBe(false);
  });

  it('of an agent cover its own instance and no other, whatever their names', () => {
    const name = fc.string({
      minLength: 1,
      maxLength: 8,
      unit: fc.constantFrom('a', '/', '+', '%'),
    });
    fc.assert(
      fc.property(name, name, name, name, (group, instance, otherGroup, otherInstance) => {
        const rights = rightsOf({ role: 'agent', group, instance }, loadTopics);
        const isOwn = group === otherGroup && instance === otherInstance;
        const topic = instanceTopic('report', otherGroup, otherInstance);
        expect(rights.mayPublish(topic)).toBe(isOwn);
        expect(rights.maySubscribe(instanceTopic('command', otherGroup, otherInstance))).toBe(
          isOwn,
        );
      }),
    );
  });
});

describe('rights to subscribe', () => {
  it('of an agent are its own commands alone', () => {
    const rights = rightsOf(agent, loadTopics);
    expect(names.filter((name) => rights.maySubscribe(topics[name]))).toEqual(['ownCommand']);
    expect(rights.maySubscribe(instanceTopicFilter('command'))).toBe(false);
    expect(rights.maySubscribe('#')).toBe(false);
    expect(names.filter((name) => rights.mayReceive(topics[name]))).toEqual(['ownCommand']);
  });

  it('of an agent in a group called + do not become a wildcard', () => {
    const rights = rightsOf({ role: 'agent', group: '+', instance: 'i-1' }, loadTopics);
    expect(rights.maySubscribe('foretide/v1/+/i-1/command')).toBe(false);
    expect(rights.maySubscribe('foretide/v1/%2B/i-1/command')).toBe(true);
  });

  it('of whoever publishes load are the load topics', () => {
    const rights = rightsOf({ role: 'load' }, loadTopics);
    expect(names.filter((name) => rights.maySubscribe(topics[name]))).toEqual(['load']);
    expect(rights.maySubscribe('#')).toBe(false);
  });

  it('never cover shared subscriptions, which would deliver nothing', () => {
    const roles: Principal[] = [{ role: 'anonymous' }, { role: 'reader' }, { role: 'controller' }];
    for (const principal of roles) {
      const rights = rightsOf(principal, loadTopics);
      expect(rights.maySubscribe('#')).toBe(true);
      expect(rights.maySubscribe('$share/balancers/ec2/load')).toBe(false);
    }
  });
});
