// What concerns the whole page: a lost or silent connection, a controller that is another now.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { Page } from '../page.ts';
import { sayTime } from '../say.ts';

export function Banners({ page }: { readonly page: Page }): JSX.Element {
  const { connection, hello, outdatedBy, restarts } = page.live;
  const seenRestarts = useSignal(0);
  const state = connection.value;
  const hasRestarted = restarts.value > seenRestarts.value;
  return (
    <div class="banners" role="status" aria-live="polite">
      {state.kind === 'lost' && (
        <p class="banner is-failing">
          <b>Disconnected since {sayTime(state.since, Date.now())}.</b> What you see is as it was
          then. The groups go on without this page; it tries to come back by itself.
        </p>
      )}
      {state.kind === 'stale' && (
        <p class="banner is-warning">
          <b>Nothing heard since {sayTime(state.since, Date.now())}.</b> What you see may be old.
        </p>
      )}
      {outdatedBy.value !== null && (
        <p class="banner is-notice">
          <b>The controller is now version {outdatedBy.value}.</b> This page belongs to another.{' '}
          <button type="button" onClick={() => location.reload()}>
            Reload the page
          </button>
        </p>
      )}
      {hasRestarted && outdatedBy.value === null && (
        <p class="banner is-notice">
          The controller restarted at {sayTime(hello.value?.startedAt ?? 0, Date.now())}; everything
          was loaded anew.{' '}
          <button
            type="button"
            onClick={() => {
              seenRestarts.value = restarts.value;
            }}
          >
            Dismiss
          </button>
        </p>
      )}
    </div>
  );
}
