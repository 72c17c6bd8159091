// Which packets a client may send to a broker, by type, order and length alone.

import { type Judgement, type PacketJudge, packetTypes } from '../mqtt/packet-framer.ts';
import type { BrokerLimits } from './limits.ts';

export type PacketRefusal =
  | 'oversized-connect'
  | 'oversized-packet'
  | 'not-a-connect'
  | 'second-connect'
  | 'unexpected-packet';

const fromClients: ReadonlySet<number> = new Set([
  packetTypes.connect,
  packetTypes.publish,
  packetTypes.puback,
  packetTypes.pubrec,
  packetTypes.pubrel,
  packetTypes.pubcomp,
  packetTypes.subscribe,
  packetTypes.unsubscribe,
  packetTypes.pingreq,
  packetTypes.disconnect,
]);

const pass = { kind: 'pass' } as const;

function refuse(reason: PacketRefusal): Judgement<PacketRefusal> {
  return { kind: 'refuse', reason };
}

/** A judge for one connection: CONNECT comes first and once, nothing is too long. */
export function judgeIncoming(
  limits: Pick<BrokerLimits, 'connectPacketBytesMax' | 'packetBytesMax'>,
): PacketJudge<PacketRefusal> {
  let hasConnected = false;
  return (packetType, remainingBytes) => {
    if (packetType === packetTypes.connect) {
      if (hasConnected) return refuse('second-connect');
      if (remainingBytes > limits.connectPacketBytesMax) return refuse('oversized-connect');
      hasConnected = true;
      return pass;
    }
    if (!hasConnected) return refuse('not-a-connect');
    if (!fromClients.has(packetType)) return refuse('unexpected-packet');
    return remainingBytes > limits.packetBytesMax ? refuse('oversized-packet') : pass;
  };
}
