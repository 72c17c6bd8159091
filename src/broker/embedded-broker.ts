// The broker inside the controller's process: puts the guards, the hooks, the bounded memory and
// the listeners around the broker library (aedes), and ends them all together.

import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Aedes, type Client } from 'aedes';
import mqemitter from 'mqemitter';
import { FramedConnection, type Peer } from '../mqtt/framed-connection.ts';
import { QueueAccount } from '../mqtt/queue-account.ts';
import { Admission } from './admission.ts';
import { BrokerMemory } from './broker-memory.ts';
import {
  type BrokerListener,
  type BrokerOptions,
  type BrokerStartProblem,
  findStartProblem,
  isLoopback,
} from './broker-options.ts';
import { Doorkeeper } from './doorkeeper.ts';
import { Gatekeeper } from './gatekeeper.ts';
import { quote, type Visitor } from './guest.ts';
import { InProcessConnection } from './in-process-connection.ts';
import { judgeIncoming } from './incoming-packets.ts';
import { type BrokerCounters, Ledger, type RefusalReason } from './ledger.ts';
import { refusalOf } from './library-error.ts';
import { type BrokerLimits, defaultBrokerLimits } from './limits.ts';
import { type BoundAddress, openListener, type OpenListener } from './listener.ts';
import { LoginDesk } from './login.ts';

export type BrokerStart =
  | { readonly ok: true; readonly broker: EmbeddedBroker }
  | { readonly ok: false; readonly problem: BrokerStartProblem };

/** Listens on every address, or on none and says why. */
export async function startBroker(options: BrokerOptions): Promise<BrokerStart> {
  const problem = findStartProblem(options);
  if (problem !== null) return { ok: false, problem };
  const broker = new EmbeddedBroker(options);
  const listenProblem = await broker.open(options.listeners);
  if (listenProblem === null) return { ok: true, broker };
  await broker.close();
  return { ok: false, problem: listenProblem };
}

export class EmbeddedBroker {
  readonly #limits: BrokerLimits;
  readonly #log: BrokerOptions['log'];
  readonly #ledger: Ledger;
  readonly #admission: Admission;
  readonly #memory: BrokerMemory;
  readonly #doorkeeper: Doorkeeper;
  readonly #gatekeeper: Gatekeeper;
  readonly #aedes: Aedes;
  readonly #queueAccount: QueueAccount;
  readonly #connections = new Set<FramedConnection<string>>();
  readonly #inProcess = new Set<InProcessConnection>();
  #listeners: OpenListener[] = [];
  #endedBytesIn = 0;

  constructor(options: BrokerOptions) {
    const limits = { ...defaultBrokerLimits, ...options.limits };
    const now = (): number => performance.now();
    const ledger = new Ledger(options.log, now);
    this.#limits = limits;
    this.#log = options.log;
    this.#ledger = ledger;
    this.#queueAccount = new QueueAccount(limits.queuedBytesMax);
    this.#admission = new Admission({
      limits,
      now,
      onRefused: (reason, address) => ledger.refuse(reason, `${address}: ${reason}`),
    });
    this.#doorkeeper = new Doorkeeper({
      limits,
      now,
      ledger,
      loadTopics: new Set(options.loadTopics),
      desk: new LoginDesk({ credentials: options.credentials, limits, now }),
      hasCredentials: options.credentials.length > 0,
      sessionOwnerOf: (clientId) => this.#memory.sessions.ownerOf(clientId),
    });
    this.#gatekeeper = new Gatekeeper({ limits, ledger, doorkeeper: this.#doorkeeper });
    this.#memory = new BrokerMemory({
      limits,
      clients: this.#gatekeeper,
      onDropped: (reason) => (ledger.dropped[reason] += 1),
      onTooManySessions: (clientId) =>
        ledger.refuse('too-many-sessions', `no room for a session of ${quote(clientId)}`),
    });
    this.#aedes = this.#createAedes();
  }

  /** Where it listens, with the ports that were taken. */
  get addresses(): readonly BoundAddress[] {
    return this.#listeners.map((listener) => listener.address);
  }

  /** Null, or why one of the addresses cannot be listened on. */
  async open(listeners: readonly BrokerListener[]): Promise<BrokerStartProblem | null> {
    await this.#aedes.listen();
    for (const listener of listeners) {
      const outcome = await openListener(listener, this.#admission, {
        handshakeTimeoutMs: this.#limits.connectTimeoutMs,
        events: {
          connected: (socket) => this.#welcome(socket, listener),
          handshakeFailed: (error) => this.#refuse('tls-failed', `TLS: ${error.message}`),
          acceptFailed: (error) =>
            this.#log.write('error', `broker: cannot take connections: ${error.message}`),
        },
      });
      if (!outcome.ok) return outcome.problem;
      this.#listeners.push(outcome.listener);
    }
    return null;
  }

  /** A way in without a network, with the rights of the controller. */
  connectInProcess(): InProcessConnection {
    const connection = new InProcessConnection(this.#aedes, this.#memory.retained, () =>
      this.#inProcess.delete(connection),
    );
    this.#inProcess.add(connection);
    return connection;
  }

  counters(): BrokerCounters {
    let bytesIn = this.#endedBytesIn;
    for (const connection of this.#connections) bytesIn += connection.bytesRead;
    return {
      connectionsOpen: this.#admission.openCount,
      clientsConnected: this.#doorkeeper.guestCount,
      connectionsAccepted: this.#ledger.connectionsAccepted,
      refused: { ...this.#ledger.refused },
      messagesIn: this.#ledger.messagesIn,
      bytesIn,
      dropped: { ...this.#ledger.dropped },
      queuedBytes: this.#queueAccount.bytes,
      retainedMessages: this.#memory.retained.count,
      sessions: this.#memory.sessions.count,
    };
  }

  /** Ends every connection. In-process ones end first: they see no last will of this end. */
  async close(): Promise<void> {
    for (const connection of this.#inProcess) connection.end();
    const closed = this.#listeners.map((listener) => listener.close());
    await new Promise<void>((resolve) => this.#aedes.close(() => resolve()));
    this.#admission.closePending();
    for (const connection of this.#connections) connection.destroy();
    await Promise.all(closed);
  }

  #createAedes(): Aedes {
    const limits = this.#limits;
    const aedes = new Aedes({
      // Unbounded concurrency: with a bound, the emitter's queue takes most of the time.
      mq: mqemitter({
        concurrency: 0,
        matchEmptyLevels: true,
        separator: '/',
        wildcardOne: '+',
        wildcardSome: '#',
      }),
      persistence: this.#memory,
      connectTimeout: limits.connectTimeoutMs,
      maxInflightInbound: limits.inflightPerClientMax,
      maxTopicLevels: limits.topicLevelsMax,
      ...this.#gatekeeper.hooks,
    });
    aedes.on('client', (client) => {
      const peer = peerOf(client);
      if (peer !== null) this.#admission.settle(peer);
    });
    aedes.on('clientReady', () => (this.#ledger.connectionsAccepted += 1));
    aedes.on('clientDisconnect', (client) => void this.#memory.cleanIncoming(client));
    aedes.on('clientError', (client, error) => this.#explain(client, error));
    aedes.on('connectionError', (client, error) => this.#explain(client, error));
    aedes.on('unsubscribe', (filters, client) => {
      this.#gatekeeper.forgetSubscriptions(client, filters);
    });
    // Missing from the library's types, and an exception if nobody listens.
    const emitter: EventEmitter = aedes;
    emitter.on('error', (error: Error) => this.#log.write('error', `broker: ${error.message}`));
    return aedes;
  }

  #welcome(socket: Socket, listener: BrokerListener): void {
    const visitor: Visitor = {
      address: socket.remoteAddress ?? '',
      mayBeAnonymous: isLoopback(listener.host) && listener.isLoginRequired !== true,
      request: null,
      guest: null,
      hasLeft: false,
    };
    const connection = new FramedConnection(socket, {
      judge: judgeIncoming(this.#limits),
      packetTimeoutMs: this.#limits.packetTimeoutMs,
      queuedBytesMax: this.#limits.queuedBytesPerClientMax,
      queueAccount: this.#queueAccount,
    });
    this.#connections.add(connection);
    connection.on('close', () => {
      this.#connections.delete(connection);
      this.#endedBytesIn += connection.bytesRead;
      this.#doorkeeper.dismiss(visitor);
    });
    this.#gatekeeper.greet(this.#aedes.handle(connection), visitor);
  }

  #explain(client: Client, error: Error): void {
    const reason = refusalOf(error);
    if (reason === null) return;
    const address = peerOf(client)?.remoteAddress ?? '';
    const who = client.id ? `${quote(client.id)} at ${address}` : address;
    this.#refuse(reason, `${who}: ${error.message}`);
  }

  #refuse(reason: RefusalReason, what: string): void {
    this.#ledger.refuse(reason, what);
  }
}

function peerOf(client: Client): Peer | null {
  return client.conn instanceof FramedConnection ? client.conn.peer : null;
}
