// The real controller on virtual time ends busy workers after a drain: commands over the broker, words
// and reports of agents, ends by name, over a restart too.

import { describe, expect, it } from 'vitest';
import type { Group } from '../../src/core/group.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { parseCommand, type Command } from '../../src/wire/command.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import { SimulatedController } from './simulated-controller.ts';

const withinMs = 60_000;
const fixed = (size: number): Group['policies'] => [{ type: 'fixed', name: 'fixed', size }];
const still = { scaleOutMs: 0, scaleInMs: 0 };

/** Workers with an agent each, that take work until they are told to drain. */
class DrainStand extends SimulatedController {
  readonly inHand = new Map<string, number>();
  readonly said = new Map<string, 'online' | 'draining'>();
  readonly heard: { readonly instance: string; readonly command: Command }[] = [];
  /** Whether agents hear commands. */
  isObeying = true;
  #read = 0;

  constructor(size: number, more: Partial<Group> = {}, store = createMemoryStore()) {
    super({
      group: {
        policies: fixed(size),
        cooldown: still,
        stabilization: still,
        min: 0,
        drainWithinMs: withinMs,
        ...more,
      },
      desired: 3,
      store,
    });
    this.load = null;
  }

  /** One second after another, in which agents say what they are and what is in hand. */
  async work(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#obey();
      for (const { id } of this.inService()) {
        if (!this.said.has(id)) this.say(id, 'online');
        this.report(id, { workInHand: this.inHand.get(id) ?? 1 });
      }
      await this.run(1);
    }
  }

  say(instance: string, state: 'online' | 'draining'): void {
    this.said.set(instance, state);
    this.telemetry.deliver(instanceTopic('status', 'web', instance), JSON.stringify({ state }));
  }

  async resize(size: number): Promise<void> {
    const [group] = this.controller.groups.values();
    if (group === undefined) throw new Error('no group');
    const settings = { ...group.settings, group: { ...group.group, policies: fixed(size) } };
    await this.controller.reconfigure([settings]);
  }

  names(): readonly string[] {
    return this.inService()
      .map(({ id }) => id)
      .toSorted();
  }

  #obey(): void {
    const published = this.telemetry.published.slice(this.#read);
    this.#read = this.telemetry.published.length;
    for (const { topic, payload } of published) {
      const instance = /^foretide\/v1\/web\/(i-[^/]+)\/command$/.exec(topic)?.[1];
      const parsed = parseCommand(payload);
      if (instance === undefined || !parsed.ok) continue;
      this.heard.push({ instance, command: parsed.value });
      if (!this.isObeying) continue;
      this.say(instance, parsed.value.command === 'drain' ? 'draining' : 'online');
    }
  }
}

async function startBusy(size: number, more: Partial<Group> = {}): Promise<DrainStand> {
  const stand = new DrainStand(3, more);
  await stand.start();
  await stand.work(5);
  await stand.resize(size);
  return stand;
}

describe('a scale-in while all workers are busy', () => {
  it('tells one to drain, until when, and ends it by name once it has nothing in hand', async () => {
    const stand = await startBusy(2);
    await stand.work(10);
    expect(stand.desired).toBe(3);
    expect(stand.heard).toHaveLength(1);
    const [{ instance, command } = { instance: '', command: null }] = stand.heard;
    expect(command).toEqual({ command: 'drain', withinMs });
    stand.inHand.set(instance, 0);
    const others = stand.names().filter((id) => id !== instance);
    await stand.work(5);
    expect(stand.desired).toBe(2);
    expect(stand.names()).toEqual(others);
    const told = stand.log.filter(({ message }) => message.includes('drain'));
    expect(told.map(({ message }) => message)).toEqual([
      `web: hold at 3, telling ${instance} to drain: its size is 2`,
      `web: scale in from 3 to 2 by ending ${instance}, told to drain before: its size is 2`,
    ]);
  });

  it('ends it at the deadline, whatever it has in hand', async () => {
    const stand = await startBusy(2);
    await stand.work(58);
    expect(stand.desired).toBe(3);
    await stand.work(6);
    expect(stand.desired).toBe(2);
    expect(stand.names()).not.toContain(stand.heard[0]?.instance);
  });

  it('tells again one whose agent has forgotten it, and none that said it drains', async () => {
    const stand = await startBusy(2);
    await stand.work(12);
    expect(stand.heard).toHaveLength(1);
    stand.say(stand.heard[0]?.instance ?? '', 'online');
    await stand.work(7);
    expect(stand.heard).toHaveLength(2);
  });

  it('waits as before for those that hear nothing, tells them so, and says it once', async () => {
    const stand = await startBusy(1);
    stand.isObeying = false;
    await stand.work(80);
    expect(stand.desired).toBe(3);
    const warned = stand.log.filter(({ level }) => level === 'warn');
    expect(warned.map(({ message }) => message.replaceAll(/i-\w+/g, 'i'))).toEqual([
      'web: i did not answer within 30 s that it drains: it counts again, and is ended when it has no work in hand; i did not answer within 30 s that it drains: it counts again, and is ended when it has no work in hand',
    ]);
    // The third is tried as well, and then all are left alone.
    const [first = ''] = stand.names();
    stand.inHand.set(first, 0);
    await stand.work(3);
    expect(stand.names()).not.toContain(first);
    const late = stand.heard[0]?.instance ?? '';
    if (late !== first) {
      stand.say(late, 'draining');
      stand.isObeying = true;
      await stand.work(3);
      expect(stand.heard.at(-1)).toEqual({ instance: late, command: { command: 'undrain' } });
    }
  });

  it('launches what is needed again beside the one that drains', async () => {
    const stand = await startBusy(2);
    await stand.work(3);
    await stand.resize(3);
    await stand.work(2);
    expect(stand.desired).toBe(4);
    const [{ instance } = { instance: '' }] = stand.heard;
    stand.inHand.set(instance, 0);
    await stand.work(90);
    expect(stand.desired).toBe(3);
    expect(stand.names()).not.toContain(instance);
  });

  it('goes on after a restart of the controller', async () => {
    const stand = await startBusy(2);
    await stand.work(10);
    const [{ instance } = { instance: '' }] = stand.heard;
    const stopped = stand.controller.stop();
    await stand.clock.advance(5000);
    await stopped;
    stand.controller = stand.createController('a');
    await stand.controller.start();
    await stand.resize(2);
    // The broker kept what the agents had said.
    for (const [id, state] of stand.said) stand.say(id, state);
    await stand.work(3);
    expect(stand.heard.map((one) => one.instance)).toEqual([instance]);
    stand.inHand.set(instance, 0);
    await stand.work(4);
    expect(stand.desired).toBe(2);
    expect(stand.names()).not.toContain(instance);
  });
});
