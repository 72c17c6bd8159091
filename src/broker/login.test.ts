import { describe, expect, it } from 'vitest';
import { type Credential, parseCredentials } from './credential.ts';
import { type BrokerLimits, defaultBrokerLimits } from './limits.ts';
import { LoginDesk, type LoginOutcome } from './login.ts';
import { hashPassword } from './password-hash.ts';

const secrets = await Promise.all(['fleet secret', 'reader secret'].map(hashPassword));
const parsed = parseCredentials([
  { role: 'agent', userName: '*', passwordHash: secrets[0], group: 'web', instance: '*' },
  { role: 'reader', userName: 'grafana', passwordHash: secrets[1] },
]);
const credentials: readonly Credential[] = parsed.ok ? parsed.credentials : [];

function openDesk(limits: Partial<BrokerLimits> = {}): {
  logIn: (userName: string, password: string, address?: string) => Promise<LoginOutcome>;
  clock: { now: number };
} {
  const clock = { now: 0 };
  const desk = new LoginDesk({
    credentials,
    limits: { ...defaultBrokerLimits, ...limits },
    now: () => clock.now,
  });
  const logIn = (userName: string, password: string, address = '10.0.0.1'): Promise<LoginOutcome> =>
    desk.logIn({ userName, password: Buffer.from(password), address });
  return { logIn, clock };
}

describe('login', () => {
  it('tells who someone is', async () => {
    const { logIn } = openDesk();
    expect(await logIn('grafana', 'reader secret')).toEqual({
      kind: 'accepted',
      principal: { role: 'reader' },
    });
    expect(await logIn('i-0abc', 'fleet secret')).toEqual({
      kind: 'accepted',
      principal: { role: 'agent', group: 'web', instance: 'i-0abc' },
    });
  });

  it('refuses a wrong password, also after the right one was remembered', async () => {
    const { logIn } = openDesk();
    await logIn('grafana', 'reader secret');
    const refused = { kind: 'refused', reason: 'bad-login' };
    expect(await logIn('grafana', 'fleet secret')).toEqual(refused);
    expect(await logIn('grafana', '')).toEqual(refused);
    expect((await logIn('grafana', 'reader secret')).kind).toBe('accepted');
  });

  it('lets a whole fleet in at the cost of one check', async () => {
    const { logIn } = openDesk({ passwordChecksMax: 1, passwordChecksWaitingMax: 1_000 });
    const started = performance.now();
    const outcomes = await Promise.all(
      Array.from({ length: 500 }, (_, index) => logIn(`i-${index}`, 'fleet secret')),
    );
    expect(outcomes.every((outcome) => outcome.kind === 'accepted')).toBe(true);
    // Five hundred checks would take over ten seconds.
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('stops guessing from one address for a while, and nobody else', async () => {
    const { logIn, clock } = openDesk({ loginFailuresMax: 3, loginFailureWindowMs: 1_000 });
    for (let count = 0; count < 3; count += 1) await logIn('grafana', `guess ${count}`);
    const stopped = { kind: 'refused', reason: 'too-many-failed-logins' };
    expect(await logIn('grafana', 'reader secret')).toEqual(stopped);
    expect((await logIn('grafana', 'reader secret', '10.0.0.2')).kind).toBe('accepted');
    clock.now = 1_000;
    expect((await logIn('grafana', 'reader secret')).kind).toBe('accepted');
  });

  it('counts guesses that were sent all at once', async () => {
    const { logIn } = openDesk({ loginFailuresMax: 2, passwordChecksMax: 1 });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, index) => logIn('grafana', `guess ${index}`)),
    );
    const reasons = outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reason : ''));
    expect(reasons.filter((reason) => reason === 'bad-login')).toHaveLength(2);
    expect(reasons.filter((reason) => reason === 'too-many-failed-logins')).toHaveLength(6);
  });

  it('refuses when too many passwords wait to be checked', async () => {
    const { logIn } = openDesk({ passwordChecksMax: 1, passwordChecksWaitingMax: 2 });
    const outcomes = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map((name) => logIn(name, `${name} guess`, name)),
    );
    const reasons = outcomes.map((outcome) => (outcome.kind === 'refused' ? outcome.reason : ''));
    expect(reasons.filter((reason) => reason === 'too-many-logins-waiting')).toHaveLength(2);
  });
});
