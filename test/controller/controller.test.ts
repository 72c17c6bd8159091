import { describe, expect, it } from 'vitest';
import { instanceTopic } from '../../src/wire/topics.ts';
import { SimulatedController, startMs } from './simulated-controller.ts';

describe('the controller, on virtual time,', () => {
  it('adds capacity within a second of the report that calls for it', async () => {
    const stand = new SimulatedController();
    await stand.start();
    expect(stand.desired).toBe(4);
    stand.load = 3.6;
    await stand.run(1);
    expect(stand.desired).toBe(6);
  });

  it('ticks early when a report moves the mean across the bound of the last decision', async () => {
    const stand = new SimulatedController();
    await stand.start();
    await stand.clock.advance(100);
    const before = stand.controller.counters.earlyTicks;
    for (const { id } of stand.inService()) stand.report(id, { cpu: 0.9 });
    await stand.clock.advance(150);
    expect(stand.controller.counters.earlyTicks).toBe(before + 1);
    expect(stand.desired).toBe(6);
  });

  it('removes what it added once the load is gone, the instances warm and the window over', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = 4.8;
    await stand.run(120);
    expect(stand.desired).toBe(8);
    stand.load = 1;
    await stand.run(50);
    expect(stand.desired).toBe(8);
    await stand.run(60);
    expect(stand.desired).toBe(2);
  });

  it('removes nothing when the reports stop, and says why', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = null;
    await stand.run(200);
    expect(stand.desired).toBe(4);
    const [group] = stand.controller.groups.values();
    expect(group?.lastDecision?.recommendations[0]?.reason.code).toBe('no-reading');
    expect(stand.controller.counters.decisions['scale-in']).toBe(0);
  });

  it('removes nothing while the broker is away, whatever the last reports said', async () => {
    const stand = new SimulatedController({ settings: { staleAfterMs: 600_000 } });
    await stand.start();
    stand.load = 0.1;
    await stand.run(5);
    stand.telemetry.setConnected(false);
    await stand.run(200);
    expect(stand.desired).toBe(4);
    stand.telemetry.setConnected(true);
    await stand.run(70);
    expect(stand.desired).toBe(1);
  });

  it('counts reports of strangers and keeps nothing of them', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const { rejected } = stand.controller.counters;
    const before = rejected['not-a-member'];
    for (let index = 0; index < 10_000; index += 1) stand.report(`i-${index}`, { cpu: 1 });
    await stand.run(2);
    expect(rejected['not-a-member'] - before).toBe(10_000);
    expect(stand.desired).toBe(4);
    const [group] = stand.controller.groups.values();
    expect([...(group?.fleet.members() ?? [])]).toHaveLength(4);
  });

  it('counts every kind of bad report by its reason and decides nothing on it', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const [first] = stand.inService();
    const topic = instanceTopic('report', 'web', first?.id ?? '');
    const bad = {
      malformed: '{"signals":{"cpu":',
      'wrong-type': '{"signals":{"cpu":"high"}}',
      'not-finite': '{"signals":{"cpu":1e999}}',
      negative: '{"signals":{"cpu":-1}}',
      'out-of-range': '{"signals":{"cpu":87.5}}',
      'bad-name': '{"signals":{"__proto__ x":1}}',
      oversized: `{"signals":{"cpu":1},"x":"${'x'.repeat(20_000)}"}`,
      'too-old': '{"signals":{"cpu":1},"ageMs":7200000}',
    } as const;
    for (const payload of Object.values(bad)) stand.telemetry.deliver(topic, payload);
    stand.telemetry.deliver('foretide/v1/other/i-1/report', '{"signals":{}}');
    stand.telemetry.deliver('foretide/v1/web/i-1/nonsense', '{}');
    await stand.run(2);
    const { rejected } = stand.controller.counters;
    for (const reason of Object.keys(bad)) expect(rejected).toHaveProperty(reason, 1);
    expect(rejected['unknown-group']).toBe(1);
    expect(rejected['unknown-topic']).toBe(1);
    expect(stand.desired).toBe(4);
  });

  it('takes a report that is delivered twice once', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const [first] = stand.inService();
    const topic = instanceTopic('report', 'web', first?.id ?? '');
    const payload = JSON.stringify({ signals: { cpu: 0.5 }, session: 'x', sequence: 1 });
    stand.telemetry.deliver(topic, payload);
    stand.telemetry.deliver(topic, payload);
    await stand.run(1);
    expect(stand.controller.counters.rejected.duplicate).toBe(1);
  });

  it('takes late samples into the history and not for fresh ones', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.load = null;
    await stand.run(40);
    for (const { id } of stand.inService()) {
      const late = JSON.stringify({ signals: { cpu: 1 }, ageMs: 15_000 });
      stand.telemetry.deliver(instanceTopic('report', 'web', id), late);
    }
    await stand.run(15);
    expect(stand.desired).toBe(4);
    const from = startMs;
    const query = { group: 'web', signal: 'cpu', from, to: stand.clock.now() };
    const history = await stand.store.history.readTenSeconds(query);
    expect(history.ok && history.value.some(({ mean }) => mean > 0.9)).toBe(true);
  });
});

describe('refusals and time-outs', () => {
  it('tries a throttled change again, and then starts no earlier cooldown', async () => {
    const stand = new SimulatedController();
    await stand.start();
    stand.faults.push({ kind: 'throttled' }, { kind: 'throttled' });
    stand.load = 3.6;
    await stand.run(1);
    expect(stand.desired).toBe(4);
    await stand.run(6);
    expect(stand.desired).toBe(6);
    const said = stand.log.filter(({ message }) => message.includes('was refused (throttled)'));
    expect(said).toHaveLength(1);
  });

  it.each([true, false])('finds out whether a timed-out call happened (%s)', async (isDone) => {
    const stand = new SimulatedController();
    await stand.start();
    stand.faults.push({ kind: 'timed-out', isDone, afterMs: 3000 });
    stand.load = 3.6;
    await stand.run(3);
    expect(stand.desired).toBe(isDone ? 6 : 4);
    await stand.run(5);
    expect(stand.desired).toBe(6);
    expect(stand.controller.counters.actuations.unknown).toBe(1);
    expect(stand.controller.counters.actuations.accepted).toBe(isDone ? 0 : 1);
  });

  it('holds while the group cannot be described, with one line, and goes on afterwards', async () => {
    const stand = new SimulatedController();
    stand.describeFault = { kind: 'denied' };
    await stand.start();
    stand.load = 3.6;
    await stand.run(30);
    expect(stand.desired).toBe(4);
    expect(stand.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
    stand.describeFault = null;
    await stand.run(90);
    expect(stand.desired).toBe(6);
  });
});

describe('the journal', () => {
  it('while it cannot be written, adds and does not remove, and says so once', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const fault = { method: 'journal.append', message: 'disk full', effect: 'refused' } as const;
    stand.store.inject({ ...fault, times: Number.POSITIVE_INFINITY });
    stand.load = 4.8;
    await stand.run(60);
    expect(stand.desired).toBe(8);
    stand.load = 1;
    await stand.run(180);
    expect(stand.desired).toBe(8);
    expect(stand.log.filter(({ level }) => level === 'error')).toHaveLength(1);
    stand.store.heal();
    await stand.run(10);
    expect(stand.desired).toBe(2);
  });

  it('makes up for what it missed with a snapshot, so that a successor has the whole state', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const fault = { method: 'journal.append', message: 'disk full', effect: 'refused' } as const;
    stand.store.inject({ ...fault, times: Number.POSITIVE_INFINITY });
    stand.load = 3.6;
    await stand.run(5);
    stand.store.heal();
    await stand.run(3);
    const [before] = stand.controller.groups.values();
    const successor = stand.createController();
    await successor.start();
    const [after] = successor.groups.values();
    expect(before?.state.scaledOutAt).not.toBeNull();
    expect(after?.state.scaledOutAt).toBe(before?.state.scaledOutAt);
  });

  it('gives a successor of a killed controller its cooldowns and what it was doing', async () => {
    const stand = new SimulatedController({
      group: { cooldown: { scaleOutMs: 120_000, scaleInMs: 0 } },
    });
    await stand.start();
    stand.load = 3.6;
    await stand.run(1);
    expect(stand.desired).toBe(6);
    const [before] = stand.controller.groups.values();
    const successor = stand.createController();
    await successor.start();
    const [after] = successor.groups.values();
    expect(after?.state.scaledOutAt).toBe(before?.state.scaledOutAt);
    expect(after?.fleet.remember()).toEqual({ inServiceSince: {} });
    stand.load = 12;
    await stand.run(60);
    expect(stand.desired).toBe(6);
    expect(after?.lastDecision?.adjustments.some(({ guardrail }) => guardrail === 'cooldown')).toBe(
      true,
    );
    await stand.run(70);
    expect(stand.desired).toBeGreaterThan(6);
  });
});

describe('two controllers', () => {
  it('with one store: the second does not act until the first has let go', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const second = stand.createController('b');
    await second.start();
    const [group] = second.groups.values();
    expect(group?.heldBy).toBe('a');
    await stand.controller.wishes.put('web', {
      kind: 'pause',
      until: null,
      by: 'ada',
      why: 'to see what the other does',
    });
    stand.load = 3.6;
    await stand.run(3);
    expect(stand.desired).toBe(4);
    expect(second.counters.actuations.accepted).toBe(0);
  });

  it('with one broker: the younger one keeps off while the elder claims the group', async () => {
    const elder = new SimulatedController();
    await elder.start();
    const claim = elder.telemetry.published.find(({ topic }) => topic.endsWith('/controller'));
    expect(claim?.isRetained).toBe(true);
    const younger = new SimulatedController({ id: 'b' });
    await younger.clock.advance(200_000);
    await younger.controller.start();
    younger.telemetry.deliver(claim?.topic ?? '', claim?.payload ?? '');
    await younger.clock.advance(2000);
    const [group] = younger.controller.groups.values();
    expect(group?.heldBy).toBe('a');
    await younger.clock.advance(30_000);
    expect(group?.heldBy).toBeNull();
  });
});

describe('people', () => {
  it('set a size that holds against the policies until it ends by itself', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const until = stand.clock.now() + 60_000;
    const wish = { kind: 'set', desired: 9, until, by: 'ada', why: 'launch' } as const;
    expect(await stand.controller.wishes.put('web', wish)).toEqual({ kind: 'granted' });
    await stand.run(50);
    expect(stand.desired).toBe(9);
    await stand.run(150);
    expect(stand.desired).toBe(4);
  });

  it('hold at least a size: the policies may add to it and remove down to it', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const until = stand.clock.now() + 300_000;
    const wish = { kind: 'hold', atLeast: 6, until, by: 'ada', why: 'launch' } as const;
    expect(await stand.controller.wishes.put('web', wish)).toEqual({ kind: 'granted' });
    await stand.run(40);
    expect(stand.desired).toBe(6);
    stand.load = 5.4;
    await stand.run(60);
    expect(stand.desired).toBeGreaterThan(6);
    stand.load = 0.5;
    await stand.run(150);
    expect(stand.desired).toBe(6);
    await stand.run(150);
    expect(stand.desired).toBeLessThan(6);
  });

  it('are told why a wish cannot be granted', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const wish = { kind: 'set', desired: 21, until: null, by: 'ada', why: '' } as const;
    expect(await stand.controller.wishes.put('web', wish)).toMatchObject({
      code: 'out-of-bounds',
      message: '21 is outside the bounds of web: 1 to 20',
    });
    expect(await stand.controller.wishes.put('wep', wish)).toMatchObject({ code: 'unknown-group' });
    expect(await stand.controller.wishes.end('web', 'ada')).toMatchObject({
      code: 'nothing-to-end',
    });
  });

  it('pause a group and resume it, over a restart too', async () => {
    const stand = new SimulatedController();
    await stand.start();
    const pause = { kind: 'pause', until: null, by: 'ada', why: 'deploy' } as const;
    await stand.controller.wishes.put('web', pause);
    await stand.controller.stop();
    stand.controller = stand.createController();
    await stand.controller.start();
    stand.load = 3.6;
    await stand.run(10);
    expect(stand.desired).toBe(4);
    await stand.controller.wishes.end('web', 'ada');
    await stand.run(2);
    expect(stand.desired).toBe(6);
  });
});

describe('an inherited load topic', () => {
  const loadTopics = [{ topic: 'ec2/load', group: 'web' }];

  it('drives the group with lines of any client, named or not', async () => {
    const stand = new SimulatedController({ loadTopics });
    stand.load = null;
    await stand.start();
    for (let second = 0; second < 8; second += 1) {
      stand.telemetry.deliver('ec2/load', '90,100');
      await stand.run(1);
    }
    expect(stand.desired).toBe(6);
  });

  it('takes the mean of the anonymous stream over its last seconds', async () => {
    const stand = new SimulatedController({ loadTopics });
    stand.load = null;
    await stand.start();
    for (const line of ['20,1', '100,1']) stand.telemetry.deliver('ec2/load', line);
    await stand.run(1);
    const [group] = stand.controller.groups.values();
    expect(group?.lastReadings['mean(cpu)/1000ms']?.value).toBeCloseTo(0.6, 9);
  });

  it('keeps named clients apart', async () => {
    const stand = new SimulatedController({ loadTopics });
    stand.load = null;
    await stand.start();
    stand.telemetry.deliver('ec2/load', '20,1', 'one');
    stand.telemetry.deliver('ec2/load', '20,1', 'one');
    stand.telemetry.deliver('ec2/load', '80,1', 'two');
    await stand.run(1);
    const [group] = stand.controller.groups.values();
    expect(group?.lastReadings['mean(cpu)/1000ms']).toMatchObject({ value: 0.5, instances: 2 });
  });
});
