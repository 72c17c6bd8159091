// Reports straight to a broker, as an agent would, where no agent runs. Only the work is told: nothing
// of the machine is measured.

import { randomBytes } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { parseCommand } from '../wire/command.ts';
import { instanceTopic } from '../wire/topics.ts';
import { workInHandSignal } from '../wire/work.ts';
import type { ReportTo } from './options.ts';
import type { SinkAnswer, WorkMessage, WorkSink } from './reporter.ts';

type BrokerOptions = Extract<ReportTo, { readonly broker: string }>;

const connectLimitMs = 10_000;
const keepAliveSeconds = 10;

/** Connects with the first report, and again by itself. */
export function createBrokerSink(options: BrokerOptions): WorkSink {
  const { broker, group, instance } = options;
  // Several workers may run in one process: the broker would take alike names for one client.
  const session = `${Date.now()}-${randomBytes(4).toString('hex')}`;
  const statusTopic = instanceTopic('status', group, instance);
  const reportTopic = instanceTopic('report', group, instance);
  const commandTopic = instanceTopic('command', group, instance);
  let client: MqttClient | null = null;
  let isDraining = false;
  let toldState = '';
  let endsAt = Number.POSITIVE_INFINITY;
  let sequence = 0;

  async function connect(): Promise<MqttClient> {
    const connected = await connectAsync(broker, {
      clientId: `foretide-worker-${process.pid}-${session}`.slice(0, 64),
      keepalive: keepAliveSeconds,
      connectTimeout: connectLimitMs,
      ...(options.username !== undefined && { username: options.username }),
      ...(options.password !== undefined && { password: options.password }),
      will: {
        topic: statusTopic,
        payload: Buffer.from(JSON.stringify({ state: 'lost', session })),
        qos: 1,
        retain: true,
      },
    });
    connected.on('error', () => {
      // Told by the next report that cannot be sent; the client connects again by itself.
    });
    connected.on('message', (_topic, payload) => {
      const command = parseCommand(payload.toString('utf8'));
      if (!command.ok || command.value.command === 'set-interval') return;
      const { value } = command;
      isDraining = value.command === 'drain';
      const { withinMs = Number.POSITIVE_INFINITY } = value.command === 'drain' ? value : {};
      endsAt = performance.now() + withinMs;
      // That it drains is said once the worker knows: what it told before may be out of date.
      if (!isDraining) void tellState(connected);
    });
    await connected.subscribeAsync(commandTopic, { qos: 1 });
    await tellState(connected);
    return connected;
  }

  async function tellState(to: MqttClient): Promise<void> {
    const status = { state: isDraining ? 'draining' : 'online', session };
    toldState = status.state;
    await to.publishAsync(statusTopic, JSON.stringify(status), { qos: 1, retain: true });
  }

  return {
    name: `the broker ${describeBroker(broker)}`,
    async send({ inHand, finished, omitted }: WorkMessage): Promise<SinkAnswer> {
      client ??= await connect();
      if (!client.connected) throw new Error('not connected');
      sequence += 1;
      const hasWork = finished.length > 0 || omitted > 0;
      const report = {
        signals: { [workInHandSignal]: inHand },
        ...(hasWork && { work: { finished, omitted } }),
        sequence,
        session,
        sentAt: Date.now(),
        intervalMs: 10_000,
      };
      await client.publishAsync(reportTopic, JSON.stringify(report), { qos: 1 });
      if (isDraining && toldState !== 'draining') void tellState(client).catch(() => {});
      const withinMs = Math.max(0, endsAt - performance.now());
      return { isDraining, ...(isDraining && Number.isFinite(withinMs) && { withinMs }) };
    },
    async close() {
      if (client === null) return;
      if (client.connected) {
        const status = JSON.stringify({ state: 'offline', session });
        await client.publishAsync(statusTopic, status, { qos: 1, retain: true });
      }
      await client.endAsync();
    },
  };
}

/** Without what may be secret in it. */
function describeBroker(broker: string): string {
  return URL.canParse(broker) ? new URL(broker).host : 'given';
}
