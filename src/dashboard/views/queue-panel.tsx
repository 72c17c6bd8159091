// A queue's backlog against its promise, for groups that work one off.

import type { JSX } from 'preact';
import type { QueueStatus } from '../contract.ts';
import { sayDuration, sayNumber, sayShare } from '../say.ts';

export function QueuePanel({ queue }: { readonly queue: QueueStatus }): JSX.Element {
  const { acceptableBacklog = null, backlogPerInstance = null, promiseKeptRatio = null } = queue;
  const { inFlight, meanDurationMs = null, promiseMs = null, visible } = queue;
  const share =
    acceptableBacklog === null || backlogPerInstance === null || acceptableBacklog <= 0
      ? null
      : backlogPerInstance / acceptableBacklog;
  const isLate = share !== null && share > 1;
  return (
    <section class="card queue" aria-label="Queue">
      <h2>Queue</h2>
      <dl class="figures">
        <Figure name="Waiting" value={sayNumber(visible)} />
        <Figure name="In flight" value={sayNumber(inFlight)} />
        <Figure
          name="A message takes"
          value={meanDurationMs === null ? '–' : `${sayNumber(meanDurationMs / 1000)} s`}
        />
        <Figure
          name={promiseMs === null ? 'Promise kept' : `Done within ${sayDuration(promiseMs)}`}
          value={sayShare(promiseKeptRatio)}
        />
      </dl>
      <div class="backlog">
        <span>
          Backlog of an instance <b>{sayNumber(backlogPerInstance)}</b> of{' '}
          {sayNumber(acceptableBacklog)} acceptable {isLate ? '▲ late' : ''}
        </span>
        <span
          class={`bar ${isLate ? 'is-late' : ''}`}
          role="meter"
          aria-label="Backlog of an instance against what is acceptable"
          aria-valuemin={0}
          aria-valuemax={acceptableBacklog ?? 1}
          aria-valuenow={backlogPerInstance ?? 0}
        >
          <span style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
        </span>
      </div>
    </section>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
