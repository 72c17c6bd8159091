// Writes a packet of an agent as the bytes of MQTT 3.1.1. Pure: no socket, no state.

import type { ClientPacket, ConnectPacket, PublishPacket, SubscribePacket } from './packets.ts';
import { fieldBytesMax, packetIdMax, packetTypes } from './packets.ts';

const protocolName = 'MQTT';
const protocolLevel = 4;

/**
 * The packet as bytes. Throws a RangeError for what the protocol cannot carry (a string above
 * 65,535 bytes, a packet id of 0): such a packet is a mistake of the caller, not of the network.
 */
export function encodePacket(packet: ClientPacket): Buffer {
  switch (packet.kind) {
    case 'connect':
      return encodeConnect(packet);
    case 'publish':
      return encodePublish(packet);
    case 'subscribe':
      return encodeSubscribe(packet);
    case 'puback': {
      const writer = startPacket(packetTypes.puback << 4, 2);
      writePacketId(writer, packet.packetId);
      return writer.bytes;
    }
    case 'pingreq':
      return Buffer.of(packetTypes.pingreq << 4, 0);
    case 'disconnect':
      return Buffer.of(packetTypes.disconnect << 4, 0);
  }
}

function encodeConnect(packet: ConnectPacket): Buffer {
  const { clientId, username, password, will } = packet;
  if (password !== undefined && username === undefined) {
    throw new RangeError('MQTT 3.1.1 has no password without a user name');
  }
  const flags =
    (packet.isCleanSession ? 0x02 : 0) |
    (will === undefined ? 0 : 0x04 | (will.qos << 3) | (will.isRetained ? 0x20 : 0)) |
    (password === undefined ? 0 : 0x40) |
    (username === undefined ? 0 : 0x80);
  const fields = [clientId];
  if (will !== undefined) fields.push(will.topic, will.payload);
  if (username !== undefined) fields.push(username);
  if (password !== undefined) fields.push(password);

  let length = fieldLength(protocolName) + 4;
  for (const field of fields) length += fieldLength(field);
  const writer = startPacket(packetTypes.connect << 4, length);
  writeField(writer, protocolName);
  writer.offset = writer.bytes.writeUInt8(protocolLevel, writer.offset);
  writer.offset = writer.bytes.writeUInt8(flags, writer.offset);
  writer.offset = writer.bytes.writeUInt16BE(packet.keepAliveSeconds, writer.offset);
  for (const field of fields) writeField(writer, field);
  return writer.bytes;
}

function encodePublish(packet: PublishPacket): Buffer {
  const { topic, payload, delivery } = packet;
  const flags =
    (packet.isRetained ? 0x01 : 0) |
    (delivery.qos << 1) |
    (delivery.qos === 1 && delivery.isDuplicate ? 0x08 : 0);
  const length = fieldLength(topic) + (delivery.qos === 0 ? 0 : 2) + payload.length;
  const writer = startPacket((packetTypes.publish << 4) | flags, length);
  writeField(writer, topic);
  if (delivery.qos === 1) writePacketId(writer, delivery.packetId);
  writer.bytes.set(payload, writer.offset);
  return writer.bytes;
}

function encodeSubscribe(packet: SubscribePacket): Buffer {
  const { packetId, topicFilter, qos } = packet;
  // The lower half of the first byte is fixed at 0010 (3.8.1).
  const firstByte = (packetTypes.subscribe << 4) | 0x02;
  const writer = startPacket(firstByte, 2 + fieldLength(topicFilter) + 1);
  writePacketId(writer, packetId);
  writeField(writer, topicFilter);
  writer.bytes.writeUInt8(qos, writer.offset);
  return writer.bytes;
}

interface Writer {
  readonly bytes: Buffer;
  offset: number;
}

/** A buffer of the packet's exact size, with the fixed header (2.2) written. */
function startPacket(firstByte: number, length: number): Writer {
  const header = [firstByte];
  let rest = length;
  do {
    const low = rest % 128;
    rest = (rest - low) / 128;
    header.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  if (header.length > 5) throw new RangeError(`an MQTT packet of ${length} bytes`);
  const bytes = Buffer.allocUnsafe(header.length + length);
  bytes.set(header, 0);
  return { bytes, offset: header.length };
}

function fieldLength(text: string): number {
  const length = Buffer.byteLength(text);
  if (length > fieldBytesMax) throw new RangeError(`an MQTT string of ${length} bytes`);
  return 2 + length;
}

function writeField(writer: Writer, text: string): void {
  const length = writer.bytes.write(text, writer.offset + 2, 'utf8');
  writer.bytes.writeUInt16BE(length, writer.offset);
  writer.offset += 2 + length;
}

function writePacketId(writer: Writer, packetId: number): void {
  if (packetId < 1 || packetId > packetIdMax) throw new RangeError(`MQTT packet id ${packetId}`);
  writer.offset = writer.bytes.writeUInt16BE(packetId, writer.offset);
}
