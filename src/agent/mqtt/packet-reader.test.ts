import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { decodePacket } from './decode-packet.ts';
import { PacketReader } from './packet-reader.ts';
import { incomingBytesMax, type ServerPacket } from './packets.ts';

const publish = fc
  .record({ topic: fc.constantFrom('a', 'b/c'), size: fc.nat({ max: 300 }) })
  .map(({ topic, size }) =>
    generate({
      cmd: 'publish',
      topic,
      payload: Buffer.alloc(size, size),
      qos: 0,
      retain: false,
      dup: false,
    }),
  );
const pingresp = fc.constant(generate({ cmd: 'pingresp' }));
const packets = fc.array(fc.oneof(publish, pingresp), { maxLength: 12 });

function decodeOne(bytes: Buffer): ServerPacket {
  const decoded = decodePacket(bytes);
  if (decoded.kind !== 'packet') throw new Error(decoded.kind);
  return decoded.packet;
}

/** Payloads are views of the chunks, which a socket uses again: keep what they say, not them. */
function copy(packet: ServerPacket): ServerPacket {
  return packet.kind === 'publish' ? { ...packet, payload: Buffer.from(packet.payload) } : packet;
}

test('the same packets come out, however the stream is cut', () => {
  fc.assert(
    fc.property(packets, fc.array(fc.integer({ min: 1, max: 200 })), (sent, pieceSizes) => {
      const reader = new PacketReader();
      const received: ServerPacket[] = [];
      let stream = Buffer.concat(sent);
      for (const size of [...pieceSizes, stream.length]) {
        const fault = reader.read(stream.subarray(0, size), (packet) =>
          received.push(copy(packet)),
        );
        expect(fault).toBeNull();
        stream = stream.subarray(size);
      }
      expect(received).toEqual(sent.map(decodeOne));
    }),
  );
});

test('what is held does not change when the chunk it came in is written over', () => {
  const bytes = generate({ cmd: 'puback', messageId: 0x0102 });
  const reader = new PacketReader();
  const received: ServerPacket[] = [];
  const buffer = Buffer.alloc(4);
  for (const part of [bytes.subarray(0, 1), bytes.subarray(1, 3), bytes.subarray(3)]) {
    part.copy(buffer);
    reader.read(buffer.subarray(0, part.length), (packet) => received.push(packet));
    buffer.fill(0xff);
  }
  expect(received).toEqual([{ kind: 'puback', packetId: 0x0102 }]);
});

test('a packet that comes byte by byte is read once it is whole', () => {
  const bytes = generate({
    cmd: 'publish',
    topic: 'a',
    payload: Buffer.alloc(10_000, 1),
    qos: 0,
    retain: false,
    dup: false,
  });
  const reader = new PacketReader();
  const received: ServerPacket[] = [];
  for (const byte of bytes) reader.read(Buffer.of(byte), (packet) => received.push(packet));
  expect(received).toHaveLength(1);
});

test('a packet above the bound is refused at its header, after what came before it', () => {
  const tooLong = incomingBytesMax + 1;
  const header = Buffer.of(
    0x30,
    (tooLong & 0x7f) | 0x80,
    ((tooLong >> 7) & 0x7f) | 0x80,
    tooLong >> 14,
  );
  const reader = new PacketReader();
  const received: ServerPacket[] = [];
  const stream = Buffer.concat([generate({ cmd: 'pingresp' }), header]);
  expect(reader.read(stream, (packet) => received.push(packet))).toBe('oversized');
  expect(received).toEqual([{ kind: 'pingresp' }]);
});
