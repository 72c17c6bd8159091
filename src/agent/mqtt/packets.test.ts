import fc from 'fast-check';
import { generate, parser, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { decodePacket } from './decode-packet.ts';
import { encodePacket } from './encode-packet.ts';
import { connectRefusals, incomingBytesMax, type ConnectPacket } from './packets.ts';

const packetId = fc.integer({ min: 1, max: 65_535 });
const qos = fc.constantFrom(0 as const, 1 as const);
const payload = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
/** Topic names as the standard allows them; U+FFFD is what broken UTF-8 reads as. */
const topic = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 60 })
  .map((text) => text.replaceAll(/[+#\0\ufffd]/g, 'x'));
const text = fc.string({ unit: 'binary', maxLength: 60 });

/** What the reference implementation reads from the bytes. Fails on none, several or a fault. */
function readByReference(bytes: Buffer): Packet {
  const packets: Packet[] = [];
  const reader = parser({ protocolVersion: 4 });
  reader.on('packet', (packet) => packets.push(packet));
  reader.on('error', (error) => {
    throw error;
  });
  expect(reader.parse(bytes)).toBe(0);
  const [packet] = packets;
  if (packet === undefined || packets.length > 1) throw new Error(`${packets.length} packets`);
  return packet;
}

function decodeWhole(bytes: Buffer): unknown {
  const decoded = decodePacket(bytes);
  if (decoded.kind !== 'packet') throw new Error(JSON.stringify(decoded));
  expect(decoded.byteCount).toBe(bytes.length);
  return decoded.packet;
}

const will = fc.record({ topic, payload: text, qos, isRetained: fc.boolean() });
const credentials = fc.oneof(
  fc.constant({}),
  fc.record({ username: text }),
  fc.record({ username: text, password: text }),
);
const connect: fc.Arbitrary<ConnectPacket> = fc
  .tuple(
    fc.record({
      kind: fc.constant('connect' as const),
      clientId: fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      isCleanSession: fc.boolean(),
      keepAliveSeconds: fc.integer({ min: 0, max: 65_535 }),
    }),
    credentials,
    fc.option(will, { nil: undefined }),
  )
  .map(([packet, login, last]) => ({ ...packet, ...login, ...(last && { will: last }) }));

test('CONNECT is read by the reference as it was meant', () => {
  fc.assert(
    fc.property(connect, (packet) => {
      const read = readByReference(encodePacket(packet));
      expect(read).toMatchObject({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clean: packet.isCleanSession,
        clientId: packet.clientId,
        keepalive: packet.keepAliveSeconds,
      });
      if (read.cmd !== 'connect') throw new Error(read.cmd);
      expect(read.username).toBe(packet.username);
      expect(read.password?.toString()).toBe(packet.password);
      expect(read.will?.topic).toBe(packet.will?.topic);
      expect(read.will?.payload.toString()).toBe(packet.will?.payload);
      expect(read.will?.qos).toBe(packet.will?.qos);
      expect(read.will?.retain).toBe(packet.will?.isRetained);
    }),
  );
});

const publish = fc.record({
  kind: fc.constant('publish' as const),
  topic,
  payload,
  isRetained: fc.boolean(),
  delivery: fc.oneof(
    fc.constant({ qos: 0 as const }),
    fc.record({ qos: fc.constant(1 as const), packetId, isDuplicate: fc.boolean() }),
  ),
});

test('PUBLISH is read by the reference as it was meant', () => {
  fc.assert(
    fc.property(publish, (packet) => {
      const { delivery } = packet;
      expect(readByReference(encodePacket(packet))).toMatchObject({
        cmd: 'publish',
        topic: packet.topic,
        payload: packet.payload,
        retain: packet.isRetained,
        qos: delivery.qos,
        dup: delivery.qos === 1 && delivery.isDuplicate,
        ...(delivery.qos === 1 && { messageId: delivery.packetId }),
      });
    }),
  );
});

test('PUBLISH reads back as it was written, by us and by the reference', () => {
  fc.assert(
    fc.property(publish, (packet) => {
      const { delivery } = packet;
      const bytes = generate({
        cmd: 'publish',
        topic: packet.topic,
        payload: packet.payload,
        retain: packet.isRetained,
        qos: delivery.qos,
        dup: delivery.qos === 1 && delivery.isDuplicate,
        ...(delivery.qos === 1 && { messageId: delivery.packetId }),
      });
      expect(encodePacket(packet)).toEqual(bytes);
      expect(decodeWhole(bytes)).toEqual(packet);
    }),
  );
});

test('SUBSCRIBE, PUBACK, PINGREQ and DISCONNECT are read by the reference as they were meant', () => {
  fc.assert(
    fc.property(packetId, topic, qos, (id, topicFilter, granted) => {
      const subscribe = encodePacket({
        kind: 'subscribe',
        packetId: id,
        topicFilter,
        qos: granted,
      });
      expect(readByReference(subscribe)).toMatchObject({
        cmd: 'subscribe',
        messageId: id,
        subscriptions: [{ topic: topicFilter, qos: granted }],
      });
      const puback = encodePacket({ kind: 'puback', packetId: id });
      expect(readByReference(puback)).toMatchObject({ cmd: 'puback', messageId: id });
    }),
  );
  expect(readByReference(encodePacket({ kind: 'pingreq' })).cmd).toBe('pingreq');
  expect(readByReference(encodePacket({ kind: 'disconnect' })).cmd).toBe('disconnect');
});

test('what the reference writes for a broker is read as it was meant', () => {
  const grants = fc.array(fc.constantFrom(0, 1, 2, 0x80), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(packetId, grants, fc.boolean(), (id, granted, sessionPresent) => {
      expect(decodeWhole(generate({ cmd: 'puback', messageId: id }))).toEqual({
        kind: 'puback',
        packetId: id,
      });
      expect(decodeWhole(generate({ cmd: 'suback', messageId: id, granted }))).toEqual({
        kind: 'suback',
        packetId: id,
        grants: granted.map((code) => (code === 0x80 ? 'refused' : code)),
      });
      const accepted = generate({ cmd: 'connack', returnCode: 0, sessionPresent });
      expect(decodeWhole(accepted)).toEqual({
        kind: 'connack',
        isSessionPresent: sessionPresent,
        refusal: null,
      });
    }),
  );
  expect(decodeWhole(generate({ cmd: 'pingresp' }))).toEqual({ kind: 'pingresp' });
});

test('each refusal of CONNACK has its word', () => {
  connectRefusals.forEach((refusal, index) => {
    const bytes = generate({ cmd: 'connack', returnCode: index + 1, sessionPresent: false });
    expect(decodeWhole(bytes)).toEqual({ kind: 'connack', isSessionPresent: false, refusal });
  });
});

test('a packet cut anywhere is incomplete, and says how many bytes to wait for', () => {
  fc.assert(
    fc.property(publish, fc.nat(), (packet, cut) => {
      const bytes = encodePacket(packet);
      const length = cut % bytes.length;
      const decoded = decodePacket(bytes.subarray(0, length));
      if (decoded.kind !== 'incomplete') throw new Error(JSON.stringify(decoded));
      expect(decoded.byteCount).toBeGreaterThan(length);
      expect(decoded.byteCount).toBeLessThanOrEqual(bytes.length);
    }),
  );
});

test('no bytes make it throw', () => {
  const bytes = fc.uint8Array({ maxLength: 64 });
  const plausible = fc
    .tuple(fc.constantFrom(0x20, 0x30, 0x32, 0x3a, 0x40, 0x90, 0xd0), bytes)
    .map(([first, body]) => Uint8Array.of(first, body.length, ...body));
  fc.assert(
    fc.property(fc.oneof(bytes, plausible), (input) => {
      decodePacket(Buffer.from(input));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['oversized', 'a body above the bound, of which nothing has come', '30 81 80 04'],
  ['oversized', 'the longest length there is', '30 ff ff ff 7f'],
  ['bad-length', 'a length of more than four bytes', '30 80 80 80 80 01'],
  ['bad-length', 'a CONNACK of three bytes', '20 03 00 00 00'],
  ['bad-length', 'a PUBACK without its id', '40 00'],
  ['bad-length', 'a SUBACK without a grant', '90 02 00 01'],
  ['bad-length', 'a PINGRESP with a body', 'd0 01 00'],
  ['bad-length', 'a PUBLISH without a topic length', '30 01 00'],
  ['bad-length', 'a PUBLISH whose topic goes past its end', '30 03 00 09 61'],
  ['bad-length', 'a PUBLISH without its id', '32 03 00 01 61'],
  ['unexpected-type', 'type 0', '00 00'],
  ['unexpected-type', 'the first byte of nothing of ours', '00'],
  ['bad-flags', 'the first byte of "HTTP/1.1 400 Bad Request"', '48'],
  ['unexpected-type', 'a CONNECT from a broker', '10 00'],
  ['unexpected-type', 'a PUBREC, which we never ask for', '50 02 00 01'],
  ['bad-flags', 'a CONNACK with flags', '21 02 00 00'],
  ['bad-flags', 'a CONNACK with reserved bits', '20 02 02 00'],
  ['bad-flags', 'quality of service 2, which we never ask for', '34 05 00 01 61 00 01'],
  ['bad-flags', 'quality of service 3', '36 05 00 01 61 00 01'],
  ['bad-flags', 'a duplicate without acknowledgement', '38 03 00 01 61'],
  ['bad-return-code', 'a CONNACK with code 6', '20 02 00 06'],
  ['bad-return-code', 'a refusal that speaks of a session', '20 02 01 05'],
  ['bad-return-code', 'a SUBACK with code 3', '90 03 00 01 03'],
  ['bad-topic', 'an empty topic', '30 02 00 00'],
  ['bad-topic', 'a wildcard', '30 03 00 01 2b'],
  ['bad-topic', 'a NUL', '30 03 00 01 00'],
  ['bad-topic', 'bytes that are not UTF-8', '30 05 00 03 f0 9f 98'],
  ['bad-packet-id', 'a PUBLISH with id 0', '32 05 00 01 61 00 00'],
  ['bad-packet-id', 'a PUBACK with id 0', '40 02 00 00'],
  ['bad-packet-id', 'a SUBACK with id 0', '90 03 00 00 00'],
])('is a fault, %s: %s', (fault, _what, hex) => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  expect(decodePacket(bytes)).toEqual({ kind: 'invalid', fault });
});

test('a body of exactly the bound is accepted', () => {
  const topicBytes = 3;
  const packet = {
    kind: 'publish' as const,
    topic: 'a',
    payload: Buffer.alloc(incomingBytesMax - topicBytes, 7),
    isRetained: false,
    delivery: { qos: 0 as const },
  };
  expect(decodeWhole(encodePacket(packet))).toEqual(packet);
});

test('what the protocol cannot carry is refused where it is written', () => {
  const tooLong = 'x'.repeat(65_536);
  expect(() => encodePacket({ kind: 'puback', packetId: 0 })).toThrow(RangeError);
  expect(() => encodePacket({ kind: 'puback', packetId: 65_536 })).toThrow(RangeError);
  expect(() =>
    encodePacket({ kind: 'subscribe', packetId: 1, topicFilter: tooLong, qos: 1 }),
  ).toThrow(RangeError);
  expect(() =>
    encodePacket({
      kind: 'connect',
      clientId: 'a',
      isCleanSession: true,
      keepAliveSeconds: 10,
      password: 'without a user name',
    }),
  ).toThrow(RangeError);
});
