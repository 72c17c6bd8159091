// Light or dark: the machine's, unless the person chose another; and colours for what is drawn on a
// canvas, which knows no stylesheet.

import { effect, signal, type ReadonlySignal } from '@preact/signals';

export type Choice = 'auto' | 'light' | 'dark';

export interface Scheme {
  readonly choice: ReadonlySignal<Choice>;
  readonly isDark: ReadonlySignal<boolean>;
  cycle(): void;
}

const key = 'foretide-scheme';
const next: Readonly<Record<Choice, Choice>> = { auto: 'light', light: 'dark', dark: 'auto' };

export function followScheme(): Scheme {
  const choice = signal<Choice>(readChoice());
  const machine = matchMedia('(prefers-color-scheme: dark)');
  const isMachineDark = signal(machine.matches);
  const isDark = signal(false);
  machine.addEventListener('change', () => {
    isMachineDark.value = machine.matches;
  });
  effect(() => {
    document.documentElement.dataset['scheme'] = choice.value;
    isDark.value = choice.value === 'auto' ? isMachineDark.value : choice.value === 'dark';
  });
  return {
    choice,
    isDark,
    cycle: () => {
      choice.value = next[choice.value];
      localStorage.setItem(key, choice.value);
    },
  };
}

function readChoice(): Choice {
  const kept = localStorage.getItem(key);
  return kept === 'light' || kept === 'dark' ? kept : 'auto';
}

/** A custom property's colour as it is now, such as that of `--demand`. */
export function readColour(name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
