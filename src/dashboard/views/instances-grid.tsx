// Every instance of a group as a tile: its state, what it carries, how fresh its word is.

import type { JSX } from 'preact';
import type { Instance } from '../contract.ts';
import { sayDuration, sayCount, saySignal } from '../say.ts';

type State = 'working' | 'warming' | 'silent' | 'coming' | 'going';

const stateWords: Readonly<Record<State, string>> = {
  working: 'in service',
  warming: 'warming up',
  silent: 'silent',
  coming: 'coming',
  going: 'going',
};
const stateSigns: Readonly<Record<State, string>> = {
  working: '●',
  warming: '◔',
  silent: '▲',
  coming: '○',
  going: '◌',
};

export function InstancesGrid({
  instances,
}: {
  readonly instances: readonly Instance[];
}): JSX.Element {
  const sorted = instances.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  return (
    <section class="card" aria-label="Instances">
      <div class="head">
        <h2>Instances</h2>
        <span class="quiet">{sayStates(sorted)}</span>
      </div>
      {sorted.length === 0 ? (
        <p class="empty">The group has no instances.</p>
      ) : (
        <ul class="tiles">
          {sorted.map((instance) => (
            <Tile key={instance.id} instance={instance} />
          ))}
        </ul>
      )}
    </section>
  );
}

function sayStates(instances: readonly Instance[]): string {
  const counts = new Map<State, number>();
  for (const instance of instances) {
    const state = stateOf(instance);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  const parts = [...counts].map(([state, count]) => `${count} ${stateWords[state]}`);
  return parts.length === 0 ? '' : `${sayCount(instances.length, 'instance')}: ${parts.join(', ')}`;
}

function stateOf({ isReporting, isWarmed, lifecycleState, sampleAgeMs }: Instance): State {
  if (lifecycleState.startsWith('Pending')) return 'coming';
  if (!lifecycleState.startsWith('InService')) return 'going';
  if (!isReporting && sampleAgeMs !== null) return 'silent';
  return isWarmed ? 'working' : 'warming';
}

function Tile({ instance }: { readonly instance: Instance }): JSX.Element {
  const { id, instanceType, lifecycle, sampleAgeMs, signals, zone } = instance;
  const state = stateOf(instance);
  const load = signals['cpu'] ?? null;
  const others = Object.entries(signals).filter(([name]) => name !== 'cpu');
  const isSpot = lifecycle === 'spot';
  const facts = others.map(([name, value]) => `${name} ${saySignal(name, value)}`);
  return (
    <li class={`tile is-${state}`} title={[id, instanceType, zone, ...facts].join('\n')}>
      <span class="tile-head">
        <span class="tile-state">
          <span aria-hidden="true">{stateSigns[state]}</span> {stateWords[state]}
        </span>
        {isSpot && <span class="tag">spot</span>}
      </span>
      <span class="tile-load">
        <b>{load === null ? '–' : saySignal('cpu', load)}</b>
        <span class="bar" aria-hidden="true">
          <span style={{ width: `${Math.min(1, load ?? 0) * 100}%` }} />
        </span>
      </span>
      <span class="quiet tile-facts">{facts[0] ?? instanceType}</span>
      <span class="quiet tile-facts">
        {id.slice(-6)} · {zone.slice(-2)}
        {sampleAgeMs !== null && sampleAgeMs > 5000 ? ` · ${sayDuration(sampleAgeMs)} ago` : ''}
      </span>
    </li>
  );
}
