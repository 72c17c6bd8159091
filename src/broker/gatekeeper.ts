// The hooks that the broker library calls for a CONNECT, a publish, a subscription and a delivery.
// Letting in is the doorkeeper's part; what anyone may do is in `rights.ts`.

import type { AedesOptions, AuthenticateError, Client } from 'aedes';
import { sharedSubscriptionPrefix } from '../mqtt/topic-filter.ts';
import type { ConnectedClients } from './broker-memory.ts';
import { generateClientId } from './client-id.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import {
  CountedRefusalError,
  type Guest,
  type Owner,
  quote,
  type Refusal,
  refuseVisitor,
  returnCodes,
  type Visitor,
} from './guest.ts';
import type { Ledger } from './ledger.ts';
import type { BrokerLimits } from './limits.ts';
import { describeRights } from './rights.ts';

type Hooks = Required<
  Pick<
    AedesOptions,
    'preConnect' | 'authenticate' | 'authorizePublish' | 'authorizeSubscribe' | 'authorizeForward'
  >
>;
type Call<Name extends keyof Hooks> = Parameters<Hooks[Name]>;

export interface GatekeeperOptions {
  readonly limits: BrokerLimits;
  readonly ledger: Ledger;
  readonly doorkeeper: Doorkeeper;
}

/** A client that the library knows and we do not: cannot happen, and must not be let through. */
const stranger = new CountedRefusalError('unknown client', returnCodes.notAuthorized);

export class Gatekeeper implements ConnectedClients {
  readonly #options: GatekeeperOptions;
  readonly #visitors = new WeakMap<Client, Visitor>();

  constructor(options: GatekeeperOptions) {
    this.#options = options;
  }

  get hooks(): Hooks {
    return {
      preConnect: (...call) => this.#preConnect(...call),
      authenticate: (...call) => void this.#authenticate(...call),
      authorizePublish: (...call) => this.#authorizePublish(...call),
      authorizeSubscribe: (...call) => this.#authorizeSubscribe(...call),
      authorizeForward: (...call) => this.#authorizeForward(...call),
    };
  }

  greet(client: Client, visitor: Visitor): void {
    this.#visitors.set(client, visitor);
  }

  isConnected(clientId: string): boolean {
    return this.#options.doorkeeper.guestOf(clientId) !== null;
  }

  ownerOf(clientId: string): Owner {
    return this.#options.doorkeeper.guestOf(clientId)?.owner ?? null;
  }

  isGranted(clientId: string, filter: string): boolean {
    return this.#options.doorkeeper.guestOf(clientId)?.granted.has(filter) ?? false;
  }

  forgetSubscriptions(client: Client, filters: readonly string[]): void {
    const guest = this.#visitors.get(client)?.guest;
    for (const filter of filters) guest?.granted.delete(filter);
  }

  #preConnect(...[client, packet, done]: Call<'preConnect'>): void {
    const visitor = this.#visitors.get(client);
    if (visitor === undefined) return done(stranger, false);
    const isChosen = packet.clientId !== '';
    // MQTT 3.1.1, 3.1.3.1: without a client id there is no session to come back to.
    const isIdUsable = isChosen
      ? packet.clientId.length <= this.#options.limits.clientIdLengthMax
      : packet.clean === true;
    if (!isChosen) packet.clientId = generateClientId();
    const willTopic = packet.will?.topic ?? null;
    visitor.request = { clientId: packet.clientId, isIdUsable, willTopic };
    if (packet.protocolVersion === 5) {
      // The library answers with return code 1, unacceptable protocol version.
      this.#refuse(visitor, { reason: 'protocol-version', what: 'MQTT 5, expected 3.1.1' });
    }
    done(null, true);
  }

  async #authenticate(...[client, userName, password, done]: Call<'authenticate'>): Promise<void> {
    const visitor = this.#visitors.get(client);
    const refusal =
      visitor === undefined
        ? stranger
        : await this.#options.doorkeeper.letIn(visitor, userName, password);
    // The library's return codes are an enum that exists only in its types.
    if (refusal !== null) done(refusal as AuthenticateError, false);
    else done(null, true);
  }

  #authorizePublish(...[client, packet, done]: Call<'authorizePublish'>): void {
    const visitor = client === null ? undefined : this.#visitors.get(client);
    const guest = visitor?.guest ?? null;
    if (visitor === undefined || guest === null) return done(stranger);
    const { topic } = packet;
    if (topic.length > this.#options.limits.topicLengthMax || !guest.rights.mayPublish(topic)) {
      const what = `publish to ${quote(topic)}, allowed: ${describeRights(guest.principal)}`;
      return done(this.#refuse(visitor, { reason: 'publish-not-allowed', what }));
    }
    this.#options.ledger.messagesIn += 1;
    done(null);
  }

  #authorizeSubscribe(...[client, subscription, done]: Call<'authorizeSubscribe'>): void {
    const visitor = this.#visitors.get(client);
    const guest = visitor?.guest ?? null;
    if (visitor === undefined || guest === null) return done(stranger);
    const refusal = this.#findSubscriptionProblem(guest, subscription.topic);
    if (refusal !== null) {
      this.#refuse(visitor, refusal);
      // Answered with the failure code for this one filter; the connection goes on.
      return done(null, null);
    }
    guest.granted.add(subscription.topic);
    done(null, subscription);
  }

  #findSubscriptionProblem(guest: Guest, filter: string): Refusal | null {
    const { topicLengthMax, subscriptionsPerClientMax } = this.#options.limits;
    if (filter.startsWith(sharedSubscriptionPrefix)) {
      const what = `shared subscription ${quote(filter)}, there are none here: subscribe to the topic`;
      return { reason: 'shared-subscription', what };
    }
    if (filter.length > topicLengthMax || !guest.rights.maySubscribe(filter)) {
      const what = `subscription to ${quote(filter)} by ${guest.principal.role}`;
      return { reason: 'subscribe-not-allowed', what };
    }
    if (guest.granted.has(filter) || guest.granted.size < subscriptionsPerClientMax) return null;
    const what = `subscription to ${quote(filter)}, at most ${subscriptionsPerClientMax} are allowed`;
    return { reason: 'too-many-subscriptions', what };
  }

  #authorizeForward(...[client, packet]: Call<'authorizeForward'>): typeof packet | null {
    const guest = this.#visitors.get(client)?.guest;
    return guest?.rights.mayReceive(packet.topic) === true ? packet : null;
  }

  #refuse(visitor: Visitor, refusal: Refusal): CountedRefusalError {
    return refuseVisitor(this.#options.ledger, visitor, refusal);
  }
}
