// The address of a broker as people write it. By hand: the URL class of Node.js costs 0.3 MiB, and
// takes for an address much that is none. Pure.

/** Where a broker is. An IPv6 address is without its brackets. */
export interface BrokerPlace {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
}

const pattern = /^(mqtts?):\/\/(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?\/?$/;

/** Throws with one line that says what is allowed. */
export function parseBrokerUrl(text: string): BrokerPlace {
  // Not repeated in the message: the line may end in a log.
  if (text.includes('@')) {
    throw new Error('--broker has credentials in it: give --username and --password-file instead');
  }
  const parts = pattern.exec(text);
  const isTls = parts?.[1] === 'mqtts';
  const host = parts?.[2]?.replaceAll(/^\[|\]$/g, '');
  const port = Number(parts?.[3] ?? (isTls ? 8_883 : 1_883));
  if (host === undefined || port < 1 || port > 65_535) {
    throw new Error(`--broker is "${text}": mqtt://host[:port] or mqtts://host[:port] is allowed`);
  }
  return { host, port, isTls };
}
