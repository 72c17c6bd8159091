import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isCovered } from '../mqtt/topic-filter.ts';
import { controllerTopic, instanceTopic } from '../wire/topics.ts';
import { RetainedMessages } from './retained-messages.ts';

const roomy = { retainedMessagesMax: 100, retainedBytesMax: 100_000 };

function open(limits = roomy): {
  kept: RetainedMessages;
  keep: (topic: string, text: string) => void;
  topics: (...filters: string[]) => string[];
  evicted: () => number;
} {
  let evicted = 0;
  const kept = new RetainedMessages(limits, () => (evicted += 1));
  return {
    kept,
    keep: (topic, text) => kept.keep({ topic, payload: Buffer.from(text), qos: 1 }),
    topics: (...filters) => kept.matching(filters).map((message) => message.topic),
    evicted: () => evicted,
  };
}

describe('retained messages', () => {
  it('are the last of each topic, and an empty one removes it', () => {
    const { kept, keep } = open();
    keep('a', '1');
    keep('a', '2');
    keep('b', '3');
    keep('b', '');
    expect(kept.matching(['#']).map((message) => message.payload.toString())).toEqual(['2']);
    expect(kept.count).toBe(1);
  });

  it('give way when there are too many, the one renewed longest ago first', () => {
    const { keep, topics, evicted } = open({ ...roomy, retainedMessagesMax: 2 });
    for (const topic of ['a', 'b', 'a', 'c']) keep(topic, 'x');
    expect(topics('#')).toEqual(['a', 'c']);
    expect(evicted()).toBe(1);
  });

  it('give way when they hold too many bytes', () => {
    const { keep, topics } = open({ ...roomy, retainedBytesMax: 250 });
    for (const topic of ['a', 'b', 'c']) keep(topic, 'x'.repeat(99));
    expect(topics('#')).toEqual(['b', 'c']);
    keep('d', 'x'.repeat(250));
    expect(topics('#')).toEqual([]);
    keep('e', 'x'.repeat(99));
    expect(topics('#')).toEqual(['e']);
  });

  it('keep what controllers say, whatever agents say', () => {
    const { keep, topics } = open({ ...roomy, retainedMessagesMax: 3 });
    keep(controllerTopic('web'), 'claim');
    for (let index = 0; index < 10; index += 1) {
      keep(instanceTopic('status', 'web', `i-${index}`), 'x');
    }
    expect(topics('foretide/v1/+/controller')).toEqual([controllerTopic('web')]);
    expect(topics('#')).toHaveLength(3);
  });

  it('do not keep the network buffer that they came in', () => {
    const { kept } = open();
    const network = Buffer.alloc(64 * 1024, 1);
    kept.keep({ topic: 'a', payload: network.subarray(0, 10), qos: 0 });
    expect(kept.matching(['a'])[0]?.payload.buffer).not.toBe(network.buffer);
  });

  it('are found under whatever covers them, each once', () => {
    const topic = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 3 });
    const filter = fc.array(fc.constantFrom('a', 'b', '+'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.uniqueArray(
          topic.map((levels) => levels.join('/')),
          { maxLength: 10 },
        ),
        fc.array(
          filter.map((levels) => levels.join('/')),
          { maxLength: 3 },
        ),
        (names, filters) => {
          const { keep, topics } = open();
          for (const name of names) keep(name, 'x');
          const expected = names.filter((name) => filters.some((each) => isCovered(name, each)));
          expect(topics(...filters).toSorted()).toEqual(expected.toSorted());
        },
      ),
    );
  });
});
