// Starts embedded brokers for a test and ends them with it.

import type { Credential } from '../../src/broker/credential.ts';
import type { BrokerOptions } from '../../src/broker/broker-options.ts';
import { type EmbeddedBroker, startBroker } from '../../src/broker/embedded-broker.ts';
import { hashPassword } from '../../src/broker/password-hash.ts';
import type { connectPacket } from './raw-client.ts';
import { RawClient } from './raw-client.ts';

export interface EmbeddedForTest {
  readonly broker: EmbeddedBroker;
  readonly port: number;
  readonly lines: readonly string[];
  /** A connection that has said nothing yet. */
  open(): RawClient;
  /** A client that has been let in. */
  join(packet?: Parameters<typeof connectPacket>[0]): Promise<RawClient>;
  /** The refusals so far, those above zero. */
  refused(): Record<string, number>;
  close(): Promise<void>;
}

export async function startEmbedded(
  overrides: Partial<BrokerOptions> = {},
): Promise<EmbeddedForTest> {
  const lines: string[] = [];
  const clients: RawClient[] = [];
  const start = await startBroker({
    listeners: [{ host: '127.0.0.1', port: 0, tls: null }],
    credentials: [],
    loadTopics: ['ec2/load'],
    log: { write: (level, message) => lines.push(`${level} ${message}`) },
    ...overrides,
  });
  if (!start.ok) throw new Error(start.problem.message);
  const { broker } = start;
  const port = broker.addresses[0]?.port ?? 0;
  const open = (): RawClient => {
    const client = new RawClient({ port });
    clients.push(client);
    return client;
  };
  return {
    broker,
    port,
    lines,
    open,
    join: async (packet) => {
      const client = open();
      const returnCode = await client.connect(packet);
      if (returnCode !== 0) throw new Error(`CONNECT was answered with ${returnCode}`);
      return client;
    },
    refused: () => {
      const counts = Object.entries(broker.counters().refused);
      return Object.fromEntries(counts.filter(([, count]) => count > 0));
    },
    close: async () => {
      for (const client of clients) client.end();
      await broker.close();
    },
  };
}

/** One credential of each kind; each password is `secret of <user name>`. */
export async function makeCredentials(): Promise<Credential[]> {
  const made = async <Rest extends object>(
    userName: string,
    rest: Rest,
  ): Promise<Rest & { userName: string; passwordHash: string }> => ({
    ...rest,
    userName,
    passwordHash: await hashPassword(`secret of ${userName}`),
  });
  return [
    await made('agent-1', { role: 'agent', group: 'web', instance: 'i-1' } as const),
    await made('web/*', { role: 'agent', group: 'web', instance: '*' } as const),
    await made('devices', { role: 'load' } as const),
    await made('grafana', { role: 'reader' } as const),
    await made('foretide', { role: 'controller' } as const),
  ];
}

/** What logs in as one of them. */
export function login(
  userName: string,
  credential = userName,
): { username: string; password: Buffer } {
  return { username: userName, password: Buffer.from(`secret of ${credential}`) };
}
