// Why: one decision with each policy's word, each guardrail, what would have been without them, what
// AWS made of it; and what stands in the way of removing or adding an instance.

import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { groupPath } from '../ask.ts';
import type {
  Adjustment,
  GroupAnswer,
  Recommendation,
  ToldDecision,
  ToldObstacles,
} from '../contract.ts';
import type { Page } from '../page.ts';
import { sayBoth, sayNumber } from '../say.ts';
import { Loaded, type Loading } from './loaded.tsx';

interface Props {
  readonly page: Page;
  readonly group: GroupAnswer;
  /** A decision of the past; null follows the present. */
  readonly picked: Signal<ToldDecision | null>;
  readonly now: number;
}

export function WhyPanel({ group, now, page, picked }: Props): JSX.Element {
  const told = picked.value ?? group.now;
  const full = useFull(page, group.name, picked);
  const shown = full.value ?? told;
  return (
    <section class="card why" aria-label="Why">
      <div class="head">
        <h2>Why</h2>
        {picked.value === null ? (
          <span class="quiet">
            now{shown === null ? '' : `, ${sayBoth(shown.decision.at, now)}`}
          </span>
        ) : (
          <button type="button" class="link" onClick={() => void (picked.value = null)}>
            Back to now
          </button>
        )}
      </div>
      {shown === null ? (
        <p class="empty">Nothing has been decided yet.</p>
      ) : (
        <Told told={shown} isPast={picked.value !== null} now={now} />
      )}
      <WhyNot page={page} name={group.name} />
    </section>
  );
}

/** A decision picked from the past, with its counterfactuals, which only asking for it brings. */
function useFull(page: Page, name: string, picked: Signal<ToldDecision | null>) {
  const full = useSignal<ToldDecision | null>(null);
  const at = picked.value?.decision.at ?? null;
  useEffect(() => {
    full.value = null;
    if (at === null) return;
    let isWanted = true;
    void page.ask<ToldDecision>(groupPath(name, `/why?at=${at}`)).then((answer) => {
      if (isWanted && answer.kind === 'answered' && answer.value.decision.at === at) {
        full.value = answer.value;
      }
    });
    return () => {
      isWanted = false;
    };
  }, [page, name, at]);
  return full;
}

interface ToldProps {
  readonly told: ToldDecision;
  readonly isPast: boolean;
  readonly now: number;
}

const signs = { 'scale-out': '▲', 'scale-in': '▼', hold: '■' } as const;

function Told({ isPast, now, told }: ToldProps): JSX.Element {
  const { actuation, decision, explanation } = told;
  const { adjustments, kind, recommendations } = decision;
  const sentences = explanation.details;
  const notices = sentences.slice(recommendations.length + adjustments.length);
  return (
    <div class="told">
      {isPast && <p class="quiet">{sayBoth(decision.at, now)}</p>}
      <p class={`summary is-${kind}`}>
        <span aria-hidden="true">{signs[kind]}</span> {explanation.summary}
      </p>
      <h3>Policies</h3>
      <ul class="votes">
        {recommendations.map((one, index) => (
          <li key={one.policy}>
            <span class="vote">{sayVote(one)}</span>
            <span>{sentences[index] ?? one.policy}</span>
          </li>
        ))}
        {recommendations.length === 0 && <li class="quiet">none was asked</li>}
      </ul>
      <h3>Guardrails</h3>
      <ul class="votes">
        {adjustments.map((one, index) => (
          <li key={one.guardrail}>
            <span class="vote">{sayAdjustment(one)}</span>
            <span>{sentences[recommendations.length + index] ?? one.guardrail}</span>
          </li>
        ))}
        {adjustments.length === 0 && <li class="quiet">none changed the size</li>}
      </ul>
      <Counterfactuals told={told} />
      {notices.map((notice) => (
        <p class="notice" key={notice}>
          {notice}
        </p>
      ))}
      {actuation !== null && (
        <p class={`actuation is-${actuation.kind}`}>
          AWS: {actuation.kind}
          {'message' in actuation ? `, ${actuation.message}` : ''}
        </p>
      )}
    </div>
  );
}

function sayVote(one: Recommendation): string {
  switch (one.kind) {
    case 'desired':
      return sayNumber(one.desired);
    case 'bounds':
      return `${one.atLeast ?? ''}–${one.atMost ?? ''}`;
    case 'abstain':
      return one.blocksScaleIn ? 'blind' : 'none';
  }
}

function sayAdjustment({ from, to }: Adjustment): string {
  return `${from} → ${to}`;
}

interface Counterfactual {
  readonly without: string;
  readonly name: string;
  readonly to: number;
}

function Counterfactuals({ told }: { readonly told: ToldDecision }): JSX.Element | null {
  const all = readCounterfactuals(told);
  const different = all.filter(({ to }) => to !== told.decision.to);
  if (all.length === 0) return null;
  return (
    <>
      <h3>Otherwise</h3>
      {different.length === 0 ? (
        <p class="quiet">Without any one of these the size would be the same.</p>
      ) : (
        <ul class="votes">
          {different.map(({ name, to, without }) => (
            <li key={`${without} ${name}`}>
              <span class="vote">{to}</span>
              <span>
                without the {without} {name}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function readCounterfactuals(told: ToldDecision): readonly Counterfactual[] {
  // Told by controllers whose journal goes back far enough, and by no other.
  const { counterfactuals = [] }: { counterfactuals?: readonly Counterfactual[] } = told;
  return counterfactuals;
}

function WhyNot({ name, page }: { readonly page: Page; readonly name: string }): JSX.Element {
  const asked = useSignal<'scale-in' | 'scale-out' | null>(null);
  const found = useSignal<Loading<ToldObstacles>>({ kind: 'loading' });
  const ask = async (direction: 'scale-in' | 'scale-out'): Promise<void> => {
    asked.value = direction;
    found.value = { kind: 'loading' };
    const path = groupPath(name, `/why-not?direction=${direction}`);
    found.value = await page.ask<ToldObstacles>(path);
  };
  return (
    <div class="why-not">
      <button
        type="button"
        aria-pressed={asked.value === 'scale-in'}
        onClick={() => void ask('scale-in')}
      >
        Why not scale in?
      </button>
      <button
        type="button"
        aria-pressed={asked.value === 'scale-out'}
        onClick={() => void ask('scale-out')}
      >
        Why not scale out?
      </button>
      <div aria-live="polite">
        {asked.value !== null && (
          <Loaded from={found.value} again={() => void ask(asked.value ?? 'scale-in')}>
            {({ explanation }) => (
              <>
                <p class="summary">{explanation.summary}</p>
                <ul class="plain-list">
                  {explanation.details.map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              </>
            )}
          </Loaded>
        )}
      </div>
    </div>
  );
}
