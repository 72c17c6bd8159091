// A controller that is killed comes back with what it knew: its cooldowns, its overrides, its
// history; and looks at the group before it acts.

import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/agent/clock.ts';
import { MqttClient } from '../../src/agent/mqtt/mqtt-client.ts';
import { createClient, type ApiClient } from '../../src/api/client.ts';
import { instanceTopic } from '../../src/wire/topics.ts';
import { Stage } from './stage.ts';

const groups = `
groups:
  - name: web
    autoScalingGroup: web-asg
    min: 2
    max: 9
    warmup: 0s
    cooldown: { scaleOut: 10m, scaleIn: 10m }
    policies:
      - { type: target-tracking, signal: queue, target: 10, statistic: sum }
`;

const endings: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Reports `queue` of every instance, four times a second. */
function reportQueue(stage: Stage): { queue: number } {
  const sent = { queue: 5 };
  const port = Number(new URL(stage.brokerUrl).port);
  const client = new MqttClient(
    {
      broker: { host: '127.0.0.1', port, tls: null },
      clientId: 'test',
      keepAliveSeconds: 30,
      topicFilters: [],
    },
    { clock: systemClock, random: () => 0 },
    {
      onUp: () => {},
      onDown: () => {},
      onMessage: () => {},
      onRoom: () => {},
      onSubscriptionRefused: () => {},
    },
  );
  client.start();
  const timer = setInterval(() => {
    for (const { id } of stage.cloud.list()) {
      const payload = Buffer.from(JSON.stringify({ signals: { queue: sent.queue } }));
      const topic = instanceTopic('report', 'web', id);
      void client.publish({ topic, payload, qos: 0, isRetained: false });
    }
  }, 250);
  endings.push(async () => {
    clearInterval(timer);
    await client.close();
  });
  return sent;
}

async function explainHold(api: ApiClient): Promise<string> {
  const answer = await api.why('web');
  return answer.kind === 'answered' ? answer.value.explanation.summary : answer.kind;
}

/** Killed, and started anew; its file may be another by then. */
async function restart(stage: Stage, config: string | null = null): Promise<void> {
  await stage.endController('SIGKILL');
  // The start is waited for by what the log says of it.
  stage.log.length = 0;
  if (config !== null) writeFileSync(stage.configPath, config);
  await stage.startController();
}

it('comes back from kill -9 with its cooldown and its overrides', { timeout: 90_000 }, async () => {
  const stage = await Stage.open({ groups, brokerUrl: null, min: 2, max: 9 });
  endings.push(() => stage.close());
  const api = createClient({ socketPath: stage.socketPath });
  await stage.startController();
  const sent = reportQueue(stage);
  sent.queue = 15;
  await stage.until('three are wanted', () => stage.desired === 3);

  await restart(stage);
  sent.queue = 30;
  let summary = '';
  await stage.until('the cooldown holds', async () => {
    summary = await explainHold(api);
    return summary.includes('the cooldown lasts another');
  });
  expect(stage.desired).toBe(3);

  const wish = await api.set('web', { desired: 5, for: null, why: 'a test' });
  expect(wish.kind).toBe('answered');
  await stage.until('five are set', () => stage.desired === 5);
  await restart(stage);
  await stage.until('the override is in force again', async () => {
    summary = await explainHold(api);
    return summary.includes('set 5');
  });
  expect(stage.desired).toBe(5);
});

it(
  'does not start beside a controller that keeps the same store',
  { timeout: 60_000 },
  async () => {
    const stage = await Stage.open({ groups, brokerUrl: null, min: 2, max: 9 });
    endings.push(() => stage.close());
    await stage.startController();
    const { exitCode, errors } = await stage.runSecondController();
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/^foretide: /u);
  },
);

it('comes back from kill -9 in the mode that was set by hand', { timeout: 90_000 }, async () => {
  const stage = await Stage.open({ groups, brokerUrl: null, min: 2, max: 9 });
  endings.push(() => stage.close());
  const api = createClient({ socketPath: stage.socketPath, user: 'ana' });
  const askMode = async () => {
    const answer = await api.group('web');
    if (answer.kind !== 'answered') return answer;
    const { mode, modeByHand } = answer.value;
    return { mode, by: modeByHand?.by ?? null, configured: modeByHand?.configured ?? null };
  };
  await stage.startController();
  const changed = await api.mode('web', { mode: 'advise', why: 'a test' });
  expect(changed.kind).toBe('answered');

  await restart(stage);
  expect(await askMode()).toEqual({ mode: 'advise', by: 'ana', configured: 'active' });

  const file = readFileSync(stage.configPath, 'utf8');
  await restart(stage, file.replace('min: 2', 'min: 2\n    mode: observe'));
  expect(await askMode()).toEqual({ mode: 'observe', by: null, configured: null });
});
