// The words of the log for the end of a connection, and for the broker at its other side.

import type { ConnectionEnd } from './mqtt/mqtt-connection.ts';
import { answerTimeoutMs, greetingTimeoutMs } from './mqtt/mqtt-connection.ts';
import type { BrokerAddress } from './mqtt/open-socket.ts';

export function describeBroker({ host, port, tls }: BrokerAddress): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `${tls === null ? 'mqtt' : 'mqtts'}://${name}:${port}`;
}

/** One line for the log. It does not name the attempt, so that the same failure is the same line. */
export function describeEnd(end: ConnectionEnd, broker: string): string {
  switch (end.code) {
    case 'refused':
      return `${broker} refuses the connection: ${end.refusal.replaceAll('-', ' ')}; trying again`;
    case 'unreachable':
      return `cannot connect to ${broker}: ${end.message}; trying again`;
    case 'no-greeting':
      return `no greeting from ${broker} within ${greetingTimeoutMs / 1_000} s; trying again`;
    case 'lost':
      return `connection to ${broker} lost: ${end.message}; trying again`;
    case 'silent':
      return `no answer from ${broker} for ${answerTimeoutMs / 1_000} s; connecting anew`;
    case 'protocol-fault':
      return `${broker} does not speak MQTT 3.1.1 as it should: ${end.fault}; trying again`;
    case 'closed':
      return `connection to ${broker} closed`;
  }
}
