// The way to an outside broker: TCP or TLS, and what a broker may send through it.

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { BrokerAddress } from './broker-address.ts';
import { FramedConnection } from './framed-connection.ts';
import type { MqttTelemetryLimits, MqttTls } from './mqtt-telemetry-options.ts';
import { type PacketJudge, packetTypes } from './packet-framer.ts';
import { QueueAccount } from './queue-account.ts';

export interface BrokerStreamOptions {
  readonly tls: MqttTls | null;
  readonly limits: MqttTelemetryLimits;
  /** A message was too long to be one of ours; it does not arrive. */
  readonly onOversizedMessage: (bytes: number) => void;
}

/** Returns at once; a failure to connect ends the stream with its error. */
export function openBrokerStream(
  address: BrokerAddress,
  { tls, limits, onOversizedMessage }: BrokerStreamOptions,
): FramedConnection<'oversized-packet'> {
  const { packetTimeoutMs, queuedBytesMax } = limits;
  return new FramedConnection(openSocket(address, tls), {
    judge: judgeFromBroker(limits.packetBytesMax, onOversizedMessage),
    packetTimeoutMs,
    queuedBytesMax,
    queueAccount: new QueueAccount(queuedBytesMax),
  });
}

function judgeFromBroker(
  packetBytesMax: number,
  onOversizedMessage: (bytes: number) => void,
): PacketJudge<'oversized-packet'> {
  return (packetType, remainingBytes) => {
    if (remainingBytes <= packetBytesMax) return { kind: 'pass' };
    if (packetType !== packetTypes.publish) return { kind: 'refuse', reason: 'oversized-packet' };
    // Ending the connection would not help: a retained message comes again each time.
    onOversizedMessage(remainingBytes);
    return { kind: 'skip' };
  };
}

function openSocket({ host, port, isEncrypted }: BrokerAddress, tls: MqttTls | null): Socket {
  if (!isEncrypted) return connect({ host, port, noDelay: true });
  const { authority = null, certificate = null, key = null } = tls ?? {};
  return connectTls({
    host,
    port,
    ...(authority !== null && { ca: authority }),
    ...(certificate !== null && { cert: certificate }),
    ...(key !== null && { key }),
  }).setNoDelay(true);
}
