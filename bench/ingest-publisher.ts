// Publishes reports of many instances as fast as a broker takes them: run by `ingest.ts` in a process
// of its own. Packets are made beforehand, so that it is not the sender that is measured.

import { once } from 'node:events';
import { connect } from 'node:net';
import { generate } from 'mqtt-packet';
import { instanceTopic } from '../src/wire/topics.ts';

const [port = 0, groups = 0, instances = 0, seconds = 0] = process.argv.slice(2).map(Number);

const socket = connect({ host: '127.0.0.1', port, noDelay: true });
await once(socket, 'connect');
socket.write(
  generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId: `bench-${process.pid}`,
    clean: true,
    keepalive: 60,
  }),
);
await once(socket, 'data');
socket.resume();

const report = {
  signals: {
    cpu: 0.5,
    loadPerCore: 0.7,
    memoryAvailableRatio: 0.4,
    memoryAvailableBytes: 4e9,
    socketsUsed: 321,
    connections: 120,
    networkInBytesPerSecond: 12_345,
    networkOutBytesPerSecond: 54_321,
    diskBusyRatio: 0.02,
  },
  intervalMs: 1000,
};
/** One packet after another of every instance: one write of them is one second of the fleet. */
const round = Buffer.concat(
  Array.from({ length: groups * instances }, (_, index) =>
    generate({
      cmd: 'publish',
      topic: instanceTopic('report', `g-${index % groups}`, `i-${Math.floor(index / groups)}`),
      payload: JSON.stringify(report),
      qos: 0,
      dup: false,
      retain: false,
    }),
  ),
);
const endsAt = performance.now() + seconds * 1000;
while (performance.now() < endsAt) {
  if (!socket.write(round)) await once(socket, 'drain');
}
socket.end();
