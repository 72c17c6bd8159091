// A token for a session. The token goes into the body of one request and is kept nowhere.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Page } from '../page.ts';

interface Props {
  readonly page: Page;
  /** Nothing can be read without it, so the view stands in the place of another. */
  readonly isForced?: boolean;
}

export function LogInView({ isForced = false, page }: Props): JSX.Element {
  const problem = useSignal<string | null>(null);
  const isAsking = useSignal(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim();
    isAsking.value = true;
    const answer = await page.logIn(token);
    isAsking.value = false;
    problem.value = answer.kind === 'answered' ? null : answer.detail;
    if (answer.kind !== 'answered' || isForced) return;
    page.goBack();
  };
  return (
    <section class="log-in card">
      <h1>Log in</h1>
      <p>
        {isForced
          ? 'This controller shows itself only to those who have a token, or your session has ended.'
          : 'Reading needs no token here; acting on a group does.'}
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <label>
          Token
          <input
            name="token"
            type="password"
            required
            autoComplete="current-password"
            aria-describedby="token-help"
            aria-invalid={problem.value !== null}
          />
        </label>
        <p id="token-help" class="quiet">
          <code>foretide token --name you --role operator</code> makes one on the controller’s
          machine.
        </p>
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="primary" disabled={isAsking.value}>
          Log in
        </button>
      </form>
    </section>
  );
}
