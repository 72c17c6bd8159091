// A group's health as a shape, a colour and a word: never as a colour alone.

import type { JSX } from 'preact';
import type { FleetHealth } from '../contract.ts';

const shapes: Readonly<Record<FleetHealth, string>> = { ok: '●', warning: '▲', failing: '■' };
const words: Readonly<Record<FleetHealth, string>> = {
  ok: 'well',
  warning: 'look',
  failing: 'failing',
};

export function HealthMark({ health }: { readonly health: FleetHealth }): JSX.Element {
  return (
    <span class={`health is-${health}`}>
      <span aria-hidden="true">{shapes[health]}</span> {words[health]}
    </span>
  );
}
