// Listens to a broker with another implementation's client and reads what agents say by the wire's
// own readers; what those reject is an error.

import { connectAsync, type MqttClient } from 'mqtt';
import { parseReport, type Report } from '../../src/wire/report.ts';
import { parseStatus, type InstanceStatus } from '../../src/wire/status.ts';
import { parseTopic } from '../../src/wire/topics.ts';

export interface HeardReport {
  readonly group: string;
  readonly instance: string;
  readonly atMs: number;
  readonly report: Report;
}

export interface WireListener {
  readonly client: MqttClient;
  readonly reports: HeardReport[];
  readonly statuses: { readonly instance: string; readonly status: InstanceStatus }[];
  /** What no reader understood. */
  readonly rejected: string[];
  close(): Promise<void>;
}

export async function listenToWire(port: number): Promise<WireListener> {
  // Comes back as soon as the broker does: what is sent while it is away is missed.
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 5 });
  const listener: WireListener = {
    client,
    reports: [],
    statuses: [],
    rejected: [],
    close: () => client.endAsync(true),
  };
  client.on('message', (topicName, payload) => {
    const topic = parseTopic(topicName);
    const text = payload.toString();
    if (topic?.kind === 'report') {
      const report = parseReport(text);
      const { group, instance } = topic;
      const atMs = performance.now();
      if (report.ok) listener.reports.push({ group, instance, atMs, report: report.value });
      else listener.rejected.push(`${report.reason}: ${text}`);
    } else if (topic?.kind === 'status') {
      const status = parseStatus(text);
      if (status.ok) listener.statuses.push({ instance: topic.instance, status: status.value });
      else listener.rejected.push(`${status.reason}: ${text}`);
    }
  });
  await client.subscribeAsync('foretide/v1/#', { qos: 1 });
  return listener;
}
