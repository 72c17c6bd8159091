// Taking over and giving back: says what will happen before it does, asks why, and offers the way
// back afterwards. Two people at once: the later one is told what the earlier one did.

import { useSignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { groupPath } from '../ask.ts';
import type { ActedAnswer, GroupAnswer, PreviewAnswer } from '../contract.ts';
import type { Page } from '../page.ts';
import { sayTimesIn } from '../say.ts';
import { DraftFields } from './draft-fields.tsx';
import { findMistake, toBody, type Draft, type WishKind } from './wishes.ts';

interface Props {
  readonly page: Page;
  readonly group: GroupAnswer;
  readonly now: number;
}

/** What came of the last act, and what would take it back. */
type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'done'; readonly says: string; readonly undo: Draft | null }
  | { readonly kind: 'refused'; readonly detail: string; readonly isConflict: boolean };

const kinds: readonly { readonly kind: WishKind; readonly label: string }[] = [
  { kind: 'set', label: 'Set' },
  { kind: 'hold', label: 'Hold' },
  { kind: 'pause', label: 'Pause' },
  { kind: 'mode', label: 'Mode' },
  { kind: 'resume', label: 'Give back' },
];

export function ControlPanel({ group, now, page }: Props): JSX.Element {
  const draft = useSignal<Draft>(blankDraft(group));
  const outcome = useSignal<Outcome>({ kind: 'none' });
  const isActing = useSignal(false);
  const preview = usePreview({ page, group, draft });
  const act = async (wish: Draft): Promise<void> => {
    isActing.value = true;
    const answer = await page.ask<ActedAnswer>(groupPath(group.name, `/${wish.kind}`), {
      method: 'POST',
      body: toBody(wish, false),
      ifMatch: group.overridesVersion,
    });
    isActing.value = false;
    if (answer.kind === 'answered') {
      outcome.value = { kind: 'done', says: sayDone(wish), undo: undoOf(wish, group) };
      draft.value = { ...draft.value, why: '' };
      return;
    }
    const isConflict = answer.kind === 'refused' && answer.code === 'changed-since';
    outcome.value = { kind: 'refused', detail: answer.detail, isConflict };
  };
  return (
    <section class="card control" aria-label="Control">
      <h2>Control</h2>
      {page.canAct() ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act(draft.value);
          }}
        >
          <KindPicker draft={draft} outcome={outcome} hasOverrides={group.overrides.length > 0} />
          <DraftFields draft={draft} group={group} />
          <Preview preview={preview.value} now={now} />
          <button
            type="submit"
            class="primary"
            disabled={isActing.value || preview.value?.refusal !== null}
          >
            {submitWords[draft.value.kind]}
          </button>
        </form>
      ) : (
        <p>
          {page.hasEnded.value && <b>Your session has ended. </b>}
          You are looking only. <a href="#/log-in">Log in as an operator</a> to set, hold, pause or
          give back this group.
        </p>
      )}
      <OutcomeLine outcome={outcome.value} act={act} />
    </section>
  );
}

const submitWords: Readonly<Record<WishKind, string>> = {
  set: 'Set the size',
  hold: 'Hold at least that',
  pause: 'Pause the group',
  mode: 'Change the mode',
  resume: 'Give back to the policies',
};

function blankDraft({ desired, min, mode, overrides }: GroupAnswer): Draft {
  const kind = overrides.length > 0 ? 'resume' : 'set';
  return { kind, size: String(desired ?? min), lasts: '30m', mode, why: '' };
}

function undoOf(wish: Draft, before: GroupAnswer): Draft | null {
  if (wish.kind === 'resume') return null;
  const isMode = wish.kind === 'mode';
  return { ...wish, kind: isMode ? 'mode' : 'resume', mode: before.mode, why: 'undone' };
}

function sayDone({ kind, lasts, mode, size }: Draft): string {
  const end = lasts === '' ? 'until given back' : `for ${lasts}`;
  switch (kind) {
    case 'set':
      return `Set to ${size} ${end}.`;
    case 'hold':
      return `Held at ${size} or more ${end}.`;
    case 'pause':
      return `Paused ${end}.`;
    case 'mode':
      return `The mode is ${mode} now.`;
    case 'resume':
      return 'Given back: the policies decide again.';
  }
}

interface PreviewOptions {
  readonly page: Page;
  readonly group: GroupAnswer;
  readonly draft: Signal<Draft>;
}

const typingPauseMs = 250;

/** What the draft would do, asked for when the typing pauses and whenever the group is otherwise. */
function usePreview({ draft, group, page }: PreviewOptions): Signal<PreviewAnswer | null> {
  const preview = useSignal<PreviewAnswer | null>(null);
  const { kind, lasts, mode, size } = draft.value;
  const canAct = page.canAct();
  const mistake = findMistake(draft.value, group);
  useEffect(() => {
    if (!canAct) return;
    if (mistake !== null) {
      preview.value = { group: group.name, says: '', refusal: mistake };
      return;
    }
    let isWanted = true;
    const look = async (): Promise<void> => {
      const answer = await page.ask<PreviewAnswer>(groupPath(group.name, `/${kind}?dry=1`), {
        method: 'POST',
        body: toBody({ kind, lasts, mode, size, why: '' }, true),
      });
      if (!isWanted) return;
      const isTold = answer.kind === 'answered';
      preview.value = isTold
        ? answer.value
        : { group: group.name, says: '', refusal: answer.detail };
    };
    const timer = setTimeout(() => void look(), typingPauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [page, canAct, group.name, group.overridesVersion, group.desired, kind, lasts, mode, size]);
  return preview;
}

interface KindPickerProps {
  readonly draft: Signal<Draft>;
  readonly outcome: Signal<Outcome>;
  readonly hasOverrides: boolean;
}

function KindPicker({ draft, hasOverrides, outcome }: KindPickerProps): JSX.Element {
  return (
    <fieldset class="segments">
      <legend class="unseen">What to do</legend>
      {kinds.map(({ kind, label }) => (
        <label key={kind} class={kind === 'resume' && hasOverrides ? 'is-called-for' : ''}>
          <input
            type="radio"
            name="kind"
            value={kind}
            checked={draft.value.kind === kind}
            onChange={() => {
              draft.value = { ...draft.value, kind };
              outcome.value = { kind: 'none' };
            }}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface PreviewProps {
  readonly preview: PreviewAnswer | null;
  readonly now: number;
}

function Preview({ now, preview }: PreviewProps): JSX.Element {
  return (
    <div id="preview" class="preview" role="status" aria-live="polite">
      {preview === null && <p class="quiet">…</p>}
      {preview !== null && preview.says !== '' && (
        <p>
          <span class="quiet">This would happen:</span> {sayTimesIn(preview.says, now)}.
        </p>
      )}
      {preview !== null && preview.refusal !== null && <p class="problem">✕ {preview.refusal}</p>}
    </div>
  );
}

interface OutcomeProps {
  readonly outcome: Outcome;
  readonly act: (wish: Draft) => Promise<void>;
}

function OutcomeLine({ act, outcome }: OutcomeProps): JSX.Element {
  return (
    <div role="alert">
      {outcome.kind === 'done' && (
        <p class="done">
          ✓ {outcome.says}{' '}
          {outcome.undo !== null && (
            <button
              type="button"
              onClick={() => {
                if (outcome.undo !== null) void act(outcome.undo);
              }}
            >
              Undo
            </button>
          )}
        </p>
      )}
      {outcome.kind === 'refused' && (
        <p class="problem">
          {outcome.isConflict && <b>Someone was here before you. </b>}
          {outcome.detail}
        </p>
      )}
    </div>
  );
}
