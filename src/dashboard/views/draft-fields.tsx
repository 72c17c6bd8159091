// The fields of what a person asks of a group.

import type { Signal } from '@preact/signals';
import type { JSX } from 'preact';
import type { GroupAnswer, Mode } from '../contract.ts';
import { findMistake, modes, modeWords, type Draft } from './wishes.ts';

interface Props {
  readonly draft: Signal<Draft>;
  readonly group: GroupAnswer;
}

const lengths = [
  { value: '10m', label: '10 minutes' },
  { value: '30m', label: '30 minutes' },
  { value: '1h', label: '1 hour' },
  { value: '4h', label: '4 hours' },
  { value: '24h', label: '24 hours' },
  { value: '', label: 'until given back' },
] as const;

const whyLengthMax = 200;

export function DraftFields({ draft, group }: Props): JSX.Element {
  const { kind, lasts, mode, size, why } = draft.value;
  const change = (part: Partial<Draft>): void => {
    draft.value = { ...draft.value, ...part };
  };
  const hasSize = kind === 'set' || kind === 'hold';
  const hasEnd = hasSize || kind === 'pause';
  return (
    <div class="fields">
      {hasSize && (
        <label>
          {kind === 'set' ? 'Size' : 'At least'}{' '}
          <span class="quiet">
            {group.min}–{group.max}
          </span>
          <input
            name="size"
            type="number"
            inputMode="numeric"
            min={0}
            step={1}
            required
            value={size}
            aria-describedby="preview"
            aria-invalid={findMistake(draft.value, group) !== null}
            onInput={(event) => change({ size: event.currentTarget.value })}
          />
        </label>
      )}
      {hasEnd && (
        <label>
          For
          <select
            name="lasts"
            value={lasts}
            onChange={(event) => change({ lasts: event.currentTarget.value })}
          >
            {lengths.map(({ label, value }) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      {kind === 'mode' && <ModeField mode={mode} change={change} />}
      {kind !== 'resume' && (
        <label class="wide">
          Why
          <input
            name="why"
            type="text"
            required
            maxLength={whyLengthMax}
            placeholder="for the record and for whoever looks next"
            value={why}
            onInput={(event) => change({ why: event.currentTarget.value })}
          />
        </label>
      )}
    </div>
  );
}

interface ModeFieldProps {
  readonly mode: Mode;
  readonly change: (part: Partial<Draft>) => void;
}

function ModeField({ change, mode }: ModeFieldProps): JSX.Element {
  return (
    <label class="wide">
      Mode
      <select
        name="mode"
        value={mode}
        onChange={(event) => {
          const wanted = modes.find((one) => one === event.currentTarget.value);
          if (wanted !== undefined) change({ mode: wanted });
        }}
      >
        {modes.map((one) => (
          <option key={one} value={one}>
            {one}: {modeWords[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
