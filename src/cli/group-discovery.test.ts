import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/load-config.ts';
import type { Config, GroupConfig } from '../config/config.ts';
import type { TaggedGroup, TaggedGroups } from '../controller/ports/tagged-groups.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { GroupDiscovery } from './group-discovery.ts';

const minute = 60_000;

function parse(text: string): Config {
  const outcome = loadConfig(text, 'f.yaml');
  if (!outcome.ok) throw new Error(outcome.errors.map(({ found }) => found).join());
  return outcome.config;
}

const plain = `
discover: [{ tags: { scaled: 'yes' } }]
defaults: { min: 2, mode: observe }
`;

function tagged(name: string, tags: Readonly<Record<string, string>> = {}): TaggedGroup {
  return { autoScalingGroup: name, min: 0, max: 10, tags: { scaled: 'yes', ...tags } };
}

function stand(text = plain) {
  const clock = new VirtualClock(Date.parse('2026-11-27T09:00:00Z'));
  const said: string[] = [];
  const applied: (readonly GroupConfig[])[] = [];
  const aws: { answer: TaggedGroups } = { answer: { kind: 'listed', groups: [] } };
  const discovery = new GroupDiscovery({
    config: parse(text),
    clock,
    log: { write: (_, message) => void said.push(message) },
    listing: { listTagged: () => Promise.resolve(aws.answer) },
    apply: (groups) => {
      applied.push(groups);
      return Promise.resolve();
    },
  });
  const has = (...groups: TaggedGroup[]): void => {
    aws.answer = { kind: 'listed', groups };
  };
  const pass = (ms: number): Promise<void> => clock.advance(ms);
  const last = () => applied.at(-1)?.map(({ group }) => group) ?? [];
  return { discovery, said, applied, aws, has, pass, last };
}

describe('groups that are found by their tags', () => {
  it('have the defaults, and on top of them what their tags may say', async () => {
    const { discovery, has, last } = stand();
    has(tagged('a'), tagged('b', { 'foretide:mode': 'active', 'foretide:max': '7' }));
    await discovery.start();
    expect(last()).toMatchObject([
      { name: 'a', min: 2, max: 10, mode: 'observe' },
      { name: 'b', min: 2, max: 7, mode: 'active' },
    ]);
    await discovery.stop();
  });

  it('come and go within a minute, which is said once', async () => {
    const { discovery, has, pass, said, applied, last } = stand();
    has(tagged('a'));
    await discovery.start();
    await pass(5 * minute);
    expect(applied).toHaveLength(1);
    has(tagged('b'));
    await pass(minute);
    expect(last().map(({ name }) => name)).toEqual(['b']);
    expect(said).toEqual([
      'found by their tags: a added',
      'found by their tags: b added; a removed',
    ]);
    await discovery.stop();
  });

  it('stay as they are while AWS cannot list them', async () => {
    const { discovery, has, aws, pass, said, applied } = stand();
    has(tagged('a'));
    await discovery.start();
    aws.answer = { kind: 'failed', message: 'DescribeAutoScalingGroups: throttled' };
    await pass(3 * minute);
    expect(applied).toHaveLength(1);
    expect(said.slice(1)).toEqual([
      'discover scaled=yes: DescribeAutoScalingGroups: throttled; the groups stay as they are',
    ]);
    await discovery.stop();
  });

  it('leave alone what the file itself names', async () => {
    const { discovery, has, last } = stand(`${plain}groups: [{ name: a, max: 3 }]\n`);
    has(tagged('a', { 'foretide:max': '9' }), tagged('b'));
    await discovery.start();
    expect(last().map(({ name, max }) => [name, max])).toEqual([
      ['a', 3],
      ['b', 10],
    ]);
    await discovery.stop();
  });

  it.each([
    [{ 'foretide:max': 'ten' }, 'foretide:max: found "ten", allowed: a whole number from 0 to'],
    [{ 'foretide:max': '1' }, 'foretide:max: found min 2 above max 1, allowed: min up to max'],
    [{ 'foretide:mode': 'actve' }, 'foretide:mode: found "actve", nearest to active, allowed:'],
    [{ 'foretide:warmup': '60' }, 'foretide:warmup: found 60, allowed: a duration'],
  ])('go on as before when a tag is wrong: %j', async (tags, message) => {
    const { discovery, has, pass, said, applied, last } = stand();
    has(tagged('a'));
    await discovery.start();
    has(tagged('a', tags), tagged('new', tags));
    await pass(2 * minute);
    expect(applied).toHaveLength(1);
    expect(last().map(({ name }) => name)).toEqual(['a']);
    const lines = said.slice(1);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain(`the Auto Scaling group a: ${message}`);
    expect(lines[0]).toMatch(/; it goes on as before$/u);
    expect(lines[1]).toMatch(/^the Auto Scaling group new: .*; it is left alone$/u);
    await discovery.stop();
  });

  it('name tags that mean nothing', async () => {
    const { discovery, has, said, last } = stand();
    has(tagged('a', { 'foretide:maks': '3', 'foretide:policies': 'cpu' }));
    await discovery.start();
    expect(last()).toMatchObject([{ name: 'a', max: 10 }]);
    expect(said[0]).toBe(
      'the Auto Scaling group a: the tag "foretide:maks" (nearest to foretide:max) is ignored; ' +
        'known: foretide:min, foretide:max, foretide:mode, foretide:warmup; ' +
        'the tag "foretide:policies" is ignored; ' +
        'known: foretide:min, foretide:max, foretide:mode, foretide:warmup',
    );
    await discovery.stop();
  });

  it('are found by the searches of a new file', async () => {
    const { discovery, has, last } = stand();
    has(tagged('a'));
    await discovery.start();
    await discovery.reconfigure(parse(plain.replace('min: 2', 'min: 3')));
    expect(last()).toMatchObject([{ name: 'a', min: 3 }]);
    await discovery.reconfigure(parse('groups: [{ name: web, max: 9 }]'));
    expect(last().map(({ name }) => name)).toEqual(['web']);
    await discovery.stop();
  });
});
