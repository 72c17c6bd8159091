import fc from 'fast-check';
import mqemitter from 'mqemitter';
import { describe, expect, it } from 'vitest';
import { hasWildcard, isCovered } from './topic-filter.ts';

describe('topic filter', () => {
  it.each([
    ['ec2/load', 'ec2/load', true],
    ['ec2/load', 'ec2/+', true],
    ['ec2/load', '#', true],
    ['ec2', 'ec2/#', true],
    ['ec2/', 'ec2/+', true],
    ['ec2', 'ec2/+', false],
    ['ec2/load/x', 'ec2/+', false],
    ['ec2/load', 'ec2', false],
    ['ec2/load', 'EC2/load', false],
    ['$SYS/x', '#', false],
    ['$SYS/x', '+/x', false],
    ['$SYS/x', '$SYS/#', true],
    ['a/b', 'a/#/b', false],
  ])('%s under %s: %s', (topic, filter, expected) => {
    expect(isCovered(topic, filter)).toBe(expected);
  });

  it('knows wildcards from plain topics', () => {
    expect(['a/b', 'a/+', '#'].map(hasWildcard)).toEqual([false, true, true]);
  });

  it('covers what the emitter of the embedded broker delivers', () => {
    const level = fc.constantFrom('a', 'b', '');
    const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
    const filter = fc
      .tuple(
        fc.array(fc.oneof(level, fc.constant('+')), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
      )
      .map(([levels, isOpen]) => (isOpen ? [...levels, '#'] : levels).join('/'));
    fc.assert(
      fc.property(
        topic.filter((name) => name !== ''),
        filter.filter((name) => name !== ''),
        (name, pattern) => {
          const emitter = mqemitter({ matchEmptyLevels: true });
          let hasArrived = false;
          emitter.on(pattern, (_message, done) => {
            hasArrived = true;
            done();
          });
          emitter.emit({ topic: name });
          expect(isCovered(name, pattern)).toBe(hasArrived);
        },
      ),
    );
  });
});
