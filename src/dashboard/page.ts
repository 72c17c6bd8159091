// What every view of the page is handed: where it is, who looks, what is live, and how to ask.

import { signal, type ReadonlySignal } from '@preact/signals';
import { createAsk, type Answer, type Ask } from './ask.ts';
import type { SessionAnswer } from './contract.ts';
import { createLive, type Live } from './live.ts';
import { followRoute, type Way } from './route.ts';
import { followScheme, type Scheme } from './scheme.ts';

export interface Page {
  readonly ask: Ask;
  readonly live: Live;
  readonly route: Way['route'];
  readonly goBack: Way['goBack'];
  readonly scheme: Scheme;
  /** Null until it is known. */
  readonly session: ReadonlySignal<SessionAnswer | null>;
  /** The person's session ended without their doing: it ran out, or the controller was restarted. */
  readonly hasEnded: ReadonlySignal<boolean>;
  readonly canAct: () => boolean;
  logIn(token: string): Promise<Answer<SessionAnswer>>;
  logOut(): Promise<void>;
}

const stranger: SessionAnswer = { name: null, role: null, expiresAt: null };

export function createPage(): Page {
  const session = signal<SessionAnswer | null>(null);
  const hasEnded = signal(false);
  const ask = createAsk(() => void recheck());
  const live = createLive(ask);
  const settle = (told: SessionAnswer): void => {
    const wasNamed = (session.value?.name ?? null) !== null;
    if (told.name !== null) hasEnded.value = false;
    else if (wasNamed) hasEnded.value = true;
    session.value = told;
    if (told.role === null) live.stop();
    else live.start();
  };
  const look = async (): Promise<void> => {
    const answer = await ask<SessionAnswer>('/v1/session');
    if (answer.kind === 'answered') settle(answer.value);
    // Not to be reached, or older than sessions: the stream of events says which.
    else settle({ ...stranger, role: 'viewer' });
  };
  const recheck = async (): Promise<void> => {
    const answer = await ask<SessionAnswer>('/v1/session');
    if (answer.kind === 'answered') settle(answer.value);
  };
  // The session's end shows as a stream that cannot be opened again, or as another controller, which
  // knows no session of the one before.
  let wasLost = false;
  live.connection.subscribe(({ kind }) => {
    if (kind === 'lost' || (kind === 'live' && wasLost)) void recheck();
    wasLost = kind === 'lost' || (wasLost && kind !== 'live');
  });
  void look();
  return {
    ask,
    live,
    ...followRoute(),
    scheme: followScheme(),
    session,
    hasEnded,
    canAct: () => session.value?.role === 'operator',
    logIn: async (token) => {
      const answer = await ask<SessionAnswer>('/v1/session', { method: 'POST', body: { token } });
      if (answer.kind === 'answered') settle(answer.value);
      return answer;
    },
    logOut: async () => {
      await ask<SessionAnswer>('/v1/session', { method: 'DELETE' });
      await look();
      hasEnded.value = false;
    },
  };
}
