// Reads the packets that a broker sends, strictly: whatever the standard forbids is a fault, so
// that a confused broker ends the connection instead of confusing the agent. Pure, never throws.

import type { Delivery, PublishPacket, ServerPacket, SubackPacket } from './packets.ts';
import { connectRefusals, incomingBytesMax, packetTypes } from './packets.ts';

export type ProtocolFault =
  | 'oversized'
  | 'bad-length'
  | 'unexpected-type'
  | 'bad-flags'
  | 'bad-return-code'
  | 'bad-topic'
  | 'bad-packet-id';

export type Decoded =
  | { readonly kind: 'packet'; readonly packet: ServerPacket; readonly byteCount: number }
  /** Nothing can be said before there are `byteCount` bytes. */
  | { readonly kind: 'incomplete'; readonly byteCount: number }
  | { readonly kind: 'invalid'; readonly fault: ProtocolFault };

/**
 * The first packet in `bytes`. One that is too long, or not a broker's, is known by its fixed
 * header, before its body has come. A payload is a view of `bytes`, not a copy.
 */
export function decodePacket(bytes: Buffer, bodyBytesMax: number = incomingBytesMax): Decoded {
  const firstByte = bytes[0];
  if (firstByte === undefined) return { kind: 'incomplete', byteCount: 1 };
  const fault = checkFirstByte(firstByte);
  if (fault !== null) return invalid(fault);
  let length = 0;
  let offset = 1;
  for (let scale = 1; ; scale *= 128) {
    const byte = bytes[offset];
    if (byte === undefined) return { kind: 'incomplete', byteCount: offset + 1 };
    offset += 1;
    length += (byte & 0x7f) * scale;
    if (length > bodyBytesMax) return invalid('oversized');
    if ((byte & 0x80) === 0) break;
    if (offset === 5) return invalid('bad-length');
  }
  const byteCount = offset + length;
  if (bytes.length < byteCount) return { kind: 'incomplete', byteCount };
  const packet = decodeBody(firstByte, bytes.subarray(offset, byteCount));
  if (typeof packet === 'string') return invalid(packet);
  return { kind: 'packet', packet, byteCount };
}

function invalid(fault: ProtocolFault): Decoded {
  return { kind: 'invalid', fault };
}

/** Type and flags (2.2). Quality of service 2 cannot come: we subscribe with 1 at most. */
function checkFirstByte(firstByte: number): ProtocolFault | null {
  const type = firstByte >> 4;
  if (!brokerTypes.includes(type)) return 'unexpected-type';
  const flags = firstByte & 0x0f;
  if (type !== packetTypes.publish) return flags === 0 ? null : 'bad-flags';
  const qos = (flags >> 1) & 0x03;
  const isDuplicate = (flags & 0x08) !== 0;
  return qos > 1 || (qos === 0 && isDuplicate) ? 'bad-flags' : null;
}

const brokerTypes: readonly number[] = [
  packetTypes.connack,
  packetTypes.publish,
  packetTypes.puback,
  packetTypes.suback,
  packetTypes.pingresp,
];

function decodeBody(firstByte: number, body: Buffer): ServerPacket | ProtocolFault {
  switch (firstByte >> 4) {
    case packetTypes.publish:
      return decodePublish(firstByte & 0x0f, body);
    case packetTypes.connack:
      return decodeConnack(body);
    case packetTypes.puback: {
      if (body.length !== 2) return 'bad-length';
      const packetId = body.readUInt16BE(0);
      return packetId === 0 ? 'bad-packet-id' : { kind: 'puback', packetId };
    }
    case packetTypes.suback:
      return decodeSuback(body);
    case packetTypes.pingresp:
      return body.length === 0 ? { kind: 'pingresp' } : 'bad-length';
    default:
      return 'unexpected-type';
  }
}

function decodeConnack(body: Buffer): ServerPacket | ProtocolFault {
  if (body.length !== 2) return 'bad-length';
  const acknowledge = body.readUInt8(0);
  const returnCode = body.readUInt8(1);
  if (acknowledge > 1) return 'bad-flags';
  if (returnCode === 0) {
    return { kind: 'connack', isSessionPresent: acknowledge === 1, refusal: null };
  }
  const refusal = connectRefusals[returnCode - 1];
  if (refusal === undefined || acknowledge !== 0) return 'bad-return-code';
  return { kind: 'connack', isSessionPresent: false, refusal };
}

function decodePublish(flags: number, body: Buffer): PublishPacket | ProtocolFault {
  const isAcknowledged = (flags & 0x02) !== 0;
  const topicEnd = body.length < 2 ? Number.POSITIVE_INFINITY : 2 + body.readUInt16BE(0);
  const payloadStart = topicEnd + (isAcknowledged ? 2 : 0);
  if (payloadStart > body.length) return 'bad-length';
  const topic = body.toString('utf8', 2, topicEnd);
  if (!isTopicName(topic)) return 'bad-topic';
  let delivery: Delivery = { qos: 0 };
  if (isAcknowledged) {
    const packetId = body.readUInt16BE(topicEnd);
    if (packetId === 0) return 'bad-packet-id';
    delivery = { qos: 1, packetId, isDuplicate: (flags & 0x08) !== 0 };
  }
  const payload = body.subarray(payloadStart);
  return { kind: 'publish', topic, payload, isRetained: (flags & 0x01) !== 0, delivery };
}

/** What no topic name has (4.7). Bytes that are not UTF-8 have been read as U+FFFD. */
const forbiddenInTopics = ['+', '#', '\0', '\ufffd'];

function isTopicName(topic: string): boolean {
  return topic !== '' && !forbiddenInTopics.some((character) => topic.includes(character));
}

function decodeSuback(body: Buffer): SubackPacket | ProtocolFault {
  if (body.length < 3) return 'bad-length';
  const packetId = body.readUInt16BE(0);
  if (packetId === 0) return 'bad-packet-id';
  const grants: SubackPacket['grants'][number][] = [];
  for (const code of body.subarray(2)) {
    if (code === 0 || code === 1 || code === 2) grants.push(code);
    else if (code === 0x80) grants.push('refused');
    else return 'bad-return-code';
  }
  return { kind: 'suback', packetId, grants };
}
