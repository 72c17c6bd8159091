// Where an outside broker is: its URL taken apart, and named again without what is secret in it.

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly isEncrypted: boolean;
  /** From the URL; null where it has none. */
  readonly userName: string | null;
  readonly password: string | null;
}

export type AddressOutcome =
  | { readonly ok: true; readonly address: BrokerAddress }
  | { readonly ok: false; readonly message: string };

const expected = 'expected mqtt://host, mqtt://host:port, mqtts://host or mqtts://host:port';

/** Ports default to 1883, with TLS to 8883. The message on failure does not repeat the URL. */
export function parseBrokerUrl(text: string): AddressOutcome {
  if (!URL.canParse(text)) return { ok: false, message: `broker URL: found no URL, ${expected}` };
  const url = new URL(text);
  if (url.protocol !== 'mqtt:' && url.protocol !== 'mqtts:') {
    return { ok: false, message: `broker URL: found ${url.protocol}//, ${expected}` };
  }
  if (url.hostname === '') return { ok: false, message: `broker URL: found no host, ${expected}` };
  if (url.pathname.replace('/', '') !== '' || url.search !== '' || url.hash !== '') {
    return { ok: false, message: `broker URL: found more than host and port, ${expected}` };
  }
  const isEncrypted = url.protocol === 'mqtts:';
  const userName = decode(url.username);
  const password = decode(url.password);
  if (userName === undefined || password === undefined) {
    return { ok: false, message: 'broker URL: the user name or password is not percent-encoded' };
  }
  return {
    ok: true,
    address: {
      host: url.hostname.replaceAll(/^\[|\]$/g, ''),
      port: url.port === '' ? (isEncrypted ? 8883 : 1883) : Number(url.port),
      isEncrypted,
      userName,
      password,
    },
  };
}

/** For people and logs: without user name and password. */
export function describeAddress({ host, port, isEncrypted }: BrokerAddress): string {
  return `${isEncrypted ? 'mqtts' : 'mqtt'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Null for nothing, undefined for what does not decode. */
function decode(text: string): string | null | undefined {
  if (text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
