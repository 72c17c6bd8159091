// The load of `bench/broker.ts`, in a process of its own: many connections that publish reports of a
// usual size as fast as the broker takes them. Started with port, connections, QoS and seconds.

import { connect, type Socket } from 'node:net';
import mqttPacket from 'mqtt-packet';
import { agentSignals } from '../src/wire/signals.ts';
import { instanceTopic } from '../src/wire/topics.ts';

const [port = 0, connections = 0, qos = 0, seconds = 0] = process.argv.slice(2).map(Number);
/** Written at once: unconfirmed messages of a connection, at QoS 1. */
const batchSize = 20;
const pubackBytes = 4;

const signals = Object.fromEntries(Object.keys(agentSignals).map((name) => [name, 0.123456789]));
const payload = JSON.stringify({ signals, ageMs: 3, sequence: 12_345, session: 'a1b2c3d4e5f6' });

function publishFrom(index: number, endsAt: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const message = mqttPacket.generate({
    cmd: 'publish',
    topic: instanceTopic('report', 'web', `i-${index}`),
    payload,
    qos: qos === 1 ? 1 : 0,
    messageId: 1,
    retain: false,
    dup: false,
  });
  const batch = Buffer.concat(Array.from({ length: batchSize }, () => message));
  let confirmedBytes = 0;
  let isIn = false;
  const send = (): void => {
    while (performance.now() < endsAt) {
      if (!socket.write(batch) || qos === 1) return;
    }
  };
  socket.write(
    mqttPacket.generate({
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion: 4,
      clientId: `i-${index}`,
      clean: true,
      keepalive: 60,
    }),
  );
  socket.on('drain', () => qos === 0 && send());
  socket.on('data', (bytes: Buffer) => {
    if (!isIn) {
      isIn = true;
      return send();
    }
    confirmedBytes += bytes.length;
    for (; confirmedBytes >= batchSize * pubackBytes; confirmedBytes -= batchSize * pubackBytes) {
      send();
    }
  });
  socket.on('error', (error) => process.stderr.write(`${error.message}\n`));
  return socket;
}

const endsAt = performance.now() + seconds * 1_000;
const sockets = Array.from({ length: connections }, (_, index) => publishFrom(index, endsAt));
setTimeout(() => sockets.forEach((socket) => socket.destroy()), seconds * 1_000 + 300);
