// What is being asked for: loading, there, or why not.

import type { ComponentChildren, JSX } from 'preact';
import type { Answer } from '../ask.ts';

export type Loading<T> = { readonly kind: 'loading' } | Answer<T>;

interface Props<T> {
  readonly from: Loading<T>;
  readonly again: () => void;
  readonly children: (value: T) => ComponentChildren;
}

export function Loaded<T>({ again, children, from }: Props<T>): JSX.Element {
  switch (from.kind) {
    case 'loading':
      return (
        <div class="skeleton" role="status">
          <span class="unseen">Loading</span>
        </div>
      );
    case 'answered':
      return <>{children(from.value)}</>;
    case 'refused':
    case 'unreachable':
      return (
        <div class="card trouble" role="alert">
          <p>{from.detail}</p>
          <button type="button" onClick={again}>
            Try again
          </button>
        </div>
      );
  }
}
