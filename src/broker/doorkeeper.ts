// Lets visitors in: who they are, whether their client id is theirs, and whether their last will is
// allowed. What they do afterwards is the gatekeeper's part.

import { AttemptWindow } from './attempt-window.ts';
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
import type { LoginDesk } from './login.ts';
import { describeRights, type Principal, rightsOf } from './rights.ts';

export interface DoorkeeperOptions {
  readonly limits: BrokerLimits;
  readonly loadTopics: ReadonlySet<string>;
  readonly desk: LoginDesk;
  /** Whether there is anybody who could log in. */
  readonly hasCredentials: boolean;
  readonly ledger: Ledger;
  /** Whose an earlier session of this client id is; undefined if there is none. */
  readonly sessionOwnerOf: (clientId: string) => Owner | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Client ids whose take-overs are remembered. */
const takenOverMax = 10_000;

export class Doorkeeper {
  readonly #options: DoorkeeperOptions;
  /** Client id → who is in under it now. */
  readonly #guests = new Map<string, Guest>();
  readonly #takeOvers: AttemptWindow;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
    this.#takeOvers = new AttemptWindow({
      attemptsMax: options.limits.takeOversMax,
      windowMs: options.limits.takeOverWindowMs,
      keysMax: takenOverMax,
      now: options.now,
    });
  }

  get guestCount(): number {
    return this.#guests.size;
  }

  guestOf(clientId: string): Guest | null {
    return this.#guests.get(clientId) ?? null;
  }

  /** Null: the visitor is a guest now. */
  async letIn(
    visitor: Visitor,
    userName: string | undefined,
    password: Buffer | undefined,
  ): Promise<CountedRefusalError | null> {
    const { request } = visitor;
    if (request === null || !request.isIdUsable) {
      const max = this.#options.limits.clientIdLengthMax;
      const what = `client id not usable, expected 1 to ${max} characters, or none and a clean session`;
      const returnCode = returnCodes.identifierRejected;
      return this.#refuse(visitor, { reason: 'bad-client-id', what, returnCode });
    }
    const principal = await this.#identify(visitor, userName, password);
    if (principal instanceof CountedRefusalError) return principal;
    const { clientId, willTopic } = request;
    const rights = rightsOf(principal, this.#options.loadTopics);
    if (willTopic !== null && !rights.mayPublish(willTopic)) {
      const what = `last will on ${quote(willTopic)}, allowed: ${describeRights(principal)}`;
      return this.#refuse(visitor, { reason: 'will-not-allowed', what });
    }
    const owner = principal.role === 'anonymous' ? null : (userName ?? null);
    const conflict = this.#findConflict(clientId, owner);
    if (conflict !== null) return this.#refuse(visitor, conflict);
    const guest: Guest = { clientId, owner, principal, rights, granted: new Set() };
    // It may have hung up while its password was checked.
    if (visitor.hasLeft) return null;
    visitor.guest = guest;
    this.#guests.set(clientId, guest);
    return null;
  }

  /** The connection has ended. */
  dismiss(visitor: Visitor): void {
    visitor.hasLeft = true;
    const { guest } = visitor;
    if (guest !== null && this.#guests.get(guest.clientId) === guest) {
      this.#guests.delete(guest.clientId);
    }
  }

  async #identify(
    visitor: Visitor,
    userName: string | undefined,
    password: Buffer | undefined,
  ): Promise<Principal | CountedRefusalError> {
    const isNameless = userName === undefined || !this.#options.hasCredentials;
    if (isNameless && visitor.mayBeAnonymous) return { role: 'anonymous' };
    const returnCode = returnCodes.badLogin;
    if (userName === undefined) {
      const what = 'no user name, and this address requires one';
      return this.#refuse(visitor, { reason: 'bad-login', what, returnCode });
    }
    const outcome = await this.#options.desk.logIn({
      userName,
      password: password ?? Buffer.alloc(0),
      address: visitor.address,
    });
    if (outcome.kind === 'accepted') return outcome.principal;
    const { reason } = outcome;
    switch (reason) {
      case 'bad-login': {
        const what = `wrong user name or password for ${quote(userName)}`;
        return this.#refuse(visitor, { reason, what, returnCode });
      }
      case 'too-many-failed-logins': {
        const what = 'too many failed logins from this address, none is checked for a while';
        return this.#refuse(visitor, { reason, what, returnCode });
      }
      case 'too-many-logins-waiting': {
        const what = 'too many logins are waiting to be checked';
        return this.#refuse(visitor, { reason, what, returnCode: returnCodes.unavailable });
      }
    }
  }

  /** A client id is its first user's, and changes hands between his clients only so fast. */
  #findConflict(clientId: string, owner: Owner): Refusal | null {
    const holder = this.#guests.get(clientId);
    const holderOwner =
      holder === undefined ? this.#options.sessionOwnerOf(clientId) : holder.owner;
    if (holderOwner !== undefined && holderOwner !== owner) {
      const what = `client id ${quote(clientId)} is in use by another user`;
      const returnCode = returnCodes.identifierRejected;
      return { reason: 'client-id-of-another', what, returnCode };
    }
    if (holder === undefined) return null;
    if (this.#takeOvers.isExhausted(clientId)) {
      const what = `client id ${quote(clientId)} is used by clients that end each other's connection`;
      return { reason: 'too-many-take-overs', what, returnCode: returnCodes.unavailable };
    }
    this.#takeOvers.add(clientId);
    return null;
  }

  #refuse(visitor: Visitor, refusal: Refusal): CountedRefusalError {
    return refuseVisitor(this.#options.ledger, visitor, refusal);
  }
}
