// The changes in the chart's span, newest first; each leads to its reasons.

import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ToldDecision } from '../contract.ts';
import { sayTime, sayUtc } from '../say.ts';

interface Props {
  readonly decisions: readonly ToldDecision[];
  readonly picked: Signal<ToldDecision | null>;
  readonly now: number;
}

const rowsMax = 100;
const signs = { 'scale-out': '▲', 'scale-in': '▼', hold: '■' } as const;

export function DecisionsTable({ decisions, now, picked }: Props): JSX.Element {
  return (
    <section class="card decisions-card" aria-label="Decisions">
      <div class="head">
        <h2>Decisions</h2>
        <span class="quiet">changes in the span above, newest first</span>
      </div>
      {decisions.length === 0 ? (
        <p class="empty">Nothing was changed in this span.</p>
      ) : (
        <div class="scroll decisions" tabIndex={0} role="region" aria-label="List of decisions">
          <table>
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Change</th>
                <th scope="col">Because</th>
                <th scope="col">AWS</th>
                <th scope="col">
                  <span class="unseen">Reasons</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {decisions.slice(0, rowsMax).map((told) => (
                <Row key={told.decision.at} told={told} picked={picked} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  readonly told: ToldDecision;
  readonly picked: Signal<ToldDecision | null>;
  readonly now: number;
}

function Row({ now, picked, told }: RowProps): JSX.Element {
  const { actuation, decision, explanation } = told;
  const isPicked = picked.value?.decision.at === decision.at;
  const because = explanation.summary.split(': ').slice(1).join(': ');
  return (
    <tr class={isPicked ? 'is-picked' : ''}>
      <td class="when" title={sayUtc(decision.at)}>
        {sayTime(decision.at, now)}
      </td>
      <td class={`change is-${decision.kind}`}>
        {signs[decision.kind]} {decision.from} → {decision.to}
      </td>
      <td class="wide">{because}</td>
      <td>{actuation?.kind ?? '–'}</td>
      <td>
        <button
          type="button"
          class="link"
          aria-pressed={isPicked}
          aria-label={`Why ${decision.from} to ${decision.to} at ${sayTime(decision.at, now)}`}
          onClick={() => {
            picked.value = isPicked ? null : told;
          }}
        >
          why
        </button>
      </td>
    </tr>
  );
}
