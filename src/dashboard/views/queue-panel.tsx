// A queue's backlog against its promise, for groups that work one off.

import type { JSX } from 'preact';
import type { QueueStatus } from '../contract.ts';
import { sayDuration, sayNumber } from '../say.ts';
import { sayKept } from './say-kept.ts';

export function QueuePanel({ queue }: { readonly queue: QueueStatus }): JSX.Element {
  const { acceptableBacklog, backlogPerInstance, inFlight, meanDurationMs } = queue;
  const { promiseKept, promiseMs, visible } = queue;
  const share =
    backlogPerInstance === null || acceptableBacklog <= 0
      ? null
      : backlogPerInstance / acceptableBacklog;
  const hour = sayKept(promiseKept.hour);
  const day = sayKept(promiseKept.day);
  const isLate = share !== null && share > 1;
  return (
    <section class="card queue" aria-label="Queue">
      <h2>Queue</h2>
      <dl class="figures">
        <Figure name="Waiting" value={sayNumber(visible)} />
        <Figure name="In flight" value={sayNumber(inFlight)} />
        <Figure name="A message takes" value={`${sayNumber(meanDurationMs / 1000)} s`} />
        <Figure name="Promise kept, last hour" value={hour.share} note={hour.note} />
        <Figure name="Last day" value={day.share} note={day.note} />
      </dl>
      <p class="quiet">
        The promise: a message is done within {sayDuration(promiseMs)} of being sent.
      </p>
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
          aria-valuemax={acceptableBacklog}
          aria-valuenow={backlogPerInstance ?? 0}
        >
          <span style={{ width: `${Math.min(1, share ?? 0) * 100}%` }} />
        </span>
      </div>
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  /** What it was counted from. */
  readonly note?: string;
}

function Figure({ name, note, value }: FigureProps): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note !== undefined && <small class="quiet note">{note}</small>}
      </dd>
    </div>
  );
}
