import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { instanceTopic, nameLengthMax } from '../wire/topics.ts';
import { defaultBrokerLimits } from './limits.ts';

describe('limits', () => {
  it('are those that the operators read about', () => {
    const page = readFileSync(new URL('../../docs/broker.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(\w+)` \| (\d+) \|/gm)];
    const documented = Object.fromEntries(rows.map(([, name, value]) => [name, Number(value)]));
    expect(documented).toEqual(defaultBrokerLimits);
  });

  it('leave room for the longest names', () => {
    const longest = '語'.repeat(nameLengthMax);
    const topic = instanceTopic('command', longest, longest);
    expect(topic.length).toBeLessThanOrEqual(defaultBrokerLimits.topicLengthMax);
  });
});
