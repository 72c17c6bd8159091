import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  controllerTopic,
  decisionTopic,
  instanceTopic,
  instanceTopicFilter,
  nameLengthMax,
  parseTopic,
} from './topics.ts';

/** Any name that UTF-8 can carry: what a command line, a file or AWS can give. */
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: nameLengthMax / 2 });
const kind = fc.constantFrom('report' as const, 'status' as const, 'command' as const);

test('an instance topic of any names reads back as those names', () => {
  fc.assert(
    fc.property(kind, name, name, (of, group, instance) => {
      expect(parseTopic(instanceTopic(of, group, instance))).toEqual({ kind: of, group, instance });
    }),
  );
});

test('a group topic of any name reads back as that name', () => {
  fc.assert(
    fc.property(name, (group) => {
      expect(parseTopic(decisionTopic(group))).toEqual({ kind: 'decision', group });
      expect(parseTopic(controllerTopic(group))).toEqual({ kind: 'controller', group });
    }),
  );
});

test('no name adds a level, a wildcard or a NUL to its topic', () => {
  fc.assert(
    fc.property(kind, name, name, (of, group, instance) => {
      const topic = instanceTopic(of, group, instance);
      expect(topic.split('/')).toHaveLength(5);
      for (const reserved of ['+', '#', '\0']) expect(topic).not.toContain(reserved);
    }),
  );
});

test('the topics are the published ones', () => {
  expect(instanceTopic('report', 'web', 'i-0abc')).toBe('foretide/v1/web/i-0abc/report');
  expect(instanceTopic('command', 'a/b', '#')).toBe('foretide/v1/a%2Fb/%23/command');
  expect(decisionTopic('web')).toBe('foretide/v1/web/decision');
  expect(controllerTopic('web')).toBe('foretide/v1/web/controller');
  expect(instanceTopicFilter('status')).toBe('foretide/v1/+/+/status');
});

test.each([
  ['another application', 'ec2/load'],
  ['another version', 'foretide/v2/web/i-1/report'],
  ['an unknown last level', 'foretide/v1/web/i-1/reports'],
  ['an unknown kind of a group', 'foretide/v1/web/report'],
  ['too few levels', 'foretide/v1/web'],
  ['too many levels', 'foretide/v1/web/i-1/report/x'],
  ['an empty group', 'foretide/v1//i-1/report'],
  ['an empty instance', 'foretide/v1/web//report'],
  ['a broken percent encoding', 'foretide/v1/web/%E0%A4%A/report'],
  ['a name that is too long', `foretide/v1/web/${'x'.repeat(nameLengthMax + 1)}/report`],
  ['an encoded name that is too long', `foretide/v1/web/${'%20'.repeat(nameLengthMax + 1)}/report`],
])('%s is not a topic of ours', (_why, topic) => {
  expect(parseTopic(topic)).toBeNull();
});

test('the longest name is still a name', () => {
  const longest = 'x'.repeat(nameLengthMax);
  expect(parseTopic(instanceTopic('report', 'web', longest))?.kind).toBe('report');
});

test('no string makes it throw', () => {
  const almost = fc
    .array(fc.oneof(fc.constantFrom('foretide', 'v1', 'report', '', '%', '%ff'), fc.string()), {
      maxLength: 8,
    })
    .map((levels) => levels.join('/'));
  fc.assert(
    fc.property(fc.oneof(almost, fc.string({ unit: 'binary' })), (topic) => {
      parseTopic(topic);
    }),
  );
});
