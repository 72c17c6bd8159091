// Logging in: user name and password to a principal. Bounds what strangers can make this machine
// compute, and how fast they can guess. Does not know MQTT.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { AttemptWindow } from './attempt-window.ts';
import { type Credential, createCredentialFinder, type FoundCredential } from './credential.ts';
import type { BrokerLimits } from './limits.ts';
import { isPasswordOf, type PasswordHash, parsePasswordHash } from './password-hash.ts';
import type { Principal } from './rights.ts';

export interface LoginRequest {
  readonly userName: string;
  readonly password: Buffer;
  /** Where it comes from: failures are counted by it. */
  readonly address: string;
}

export type LoginOutcome =
  | { readonly kind: 'accepted'; readonly principal: Principal }
  | {
      readonly kind: 'refused';
      readonly reason: 'bad-login' | 'too-many-failed-logins' | 'too-many-logins-waiting';
    };

export interface LoginOptions {
  readonly credentials: readonly Credential[];
  readonly limits: BrokerLimits;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

/** Addresses with failed logins that are remembered. */
const addressesMax = 10_000;

/** Checked for names that nobody has, so that answering takes as long as for those in use. */
const nobodysHash: PasswordHash = {
  cost: { logN: 14, blockSize: 8, parallelization: 1 },
  salt: randomBytes(16),
  hash: randomBytes(32),
};

export class LoginDesk {
  readonly #find: ReturnType<typeof createCredentialFinder>;
  readonly #failures: AttemptWindow;
  readonly #limits: BrokerLimits;
  /**
   * The password that each credential was last opened with, as a keyed digest: a fleet that
   * reconnects at once must not cost a slow hash for each agent.
   */
  readonly #opened = new Map<Credential, Buffer>();
  readonly #digestKey = randomBytes(32);
  #checking = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(options: LoginOptions) {
    this.#find = createCredentialFinder(options.credentials);
    this.#limits = options.limits;
    this.#failures = new AttemptWindow({
      attemptsMax: options.limits.loginFailuresMax,
      windowMs: options.limits.loginFailureWindowMs,
      keysMax: addressesMax,
      now: options.now,
    });
  }

  async logIn(request: LoginRequest): Promise<LoginOutcome> {
    if (this.#failures.isExhausted(request.address)) {
      return { kind: 'refused', reason: 'too-many-failed-logins' };
    }
    const found = this.#find(request.userName);
    const digest = createHmac('sha256', this.#digestKey).update(request.password).digest();
    if (found !== null && this.#isOpenedWith(found.credential, digest)) return accept(found);
    if (this.#waiting.length >= this.#limits.passwordChecksWaitingMax) {
      return { kind: 'refused', reason: 'too-many-logins-waiting' };
    }
    await this.#takeTurn();
    return this.#check(request, found, digest).finally(() => this.#endTurn());
  }

  async #check(
    request: LoginRequest,
    found: FoundCredential | null,
    digest: Buffer,
  ): Promise<LoginOutcome> {
    // Others with the same secret, or the same wrong one, may have been checked in the meantime.
    if (found !== null && this.#isOpenedWith(found.credential, digest)) return accept(found);
    if (this.#failures.isExhausted(request.address)) {
      return { kind: 'refused', reason: 'too-many-failed-logins' };
    }
    const known = found === null ? null : parsePasswordHash(found.credential.passwordHash);
    const isRight = await isPasswordOf(known ?? nobodysHash, request.password);
    if (found === null || known === null || !isRight) {
      this.#failures.add(request.address);
      return { kind: 'refused', reason: 'bad-login' };
    }
    this.#opened.set(found.credential, digest);
    return accept(found);
  }

  #isOpenedWith(credential: Credential, digest: Buffer): boolean {
    const opened = this.#opened.get(credential);
    return opened !== undefined && timingSafeEqual(opened, digest);
  }

  async #takeTurn(): Promise<void> {
    if (this.#checking < this.#limits.passwordChecksMax) {
      this.#checking += 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the turn on, if anyone waits for it. */
  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#checking -= 1;
    else next();
  }
}

function accept(found: FoundCredential): LoginOutcome {
  return { kind: 'accepted', principal: principalOf(found) };
}

function principalOf({ credential, instance }: FoundCredential): Principal {
  if (credential.role !== 'agent') return { role: credential.role };
  return { role: 'agent', group: credential.group, instance: instance ?? credential.instance };
}
