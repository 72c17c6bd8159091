// One group: how it stands, its chart, why, what can be done about it, its instances and decisions.

import { useComputed, useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import type { ChartSpan } from '../chart/chart-span.ts';
import type { GroupAnswer, Mode, Override, ToldDecision } from '../contract.ts';
import type { Page } from '../page.ts';
import { sayBoth, sayNumber, saySignal } from '../say.ts';
import { ChartCard } from './chart-card.tsx';
import { ControlPanel } from './control-panel.tsx';
import { DecisionsTable } from './decisions-table.tsx';
import { useForecast, useGroupPast } from './group-past.ts';
import { HealthMark } from './health-mark.tsx';
import { InstancesGrid } from './instances-grid.tsx';
import { QueuePanel } from './queue-panel.tsx';
import { useGroup } from './use-group.ts';
import { WhyPanel } from './why-panel.tsx';

const hourMs = 3_600_000;

interface Props {
  readonly page: Page;
  readonly name: string;
}

export function GroupView({ name, page }: Props): JSX.Element {
  const found = useGroup(page, name);
  const span = useSignal<ChartSpan>({ kind: 'following', lengthMs: hourMs });
  const picked = useSignal<ToldDecision | null>(null);
  const now = useComputed(() => {
    const { value } = found;
    if (value.kind !== 'answered') return null;
    return value.value.now?.decision.at ?? page.live.hello.value?.now ?? Date.now();
  });
  const past = useGroupPast(page, { name, span: span.value, now });
  const forecast = useForecast(page, name).value;
  if (found.value.kind !== 'answered') {
    return (
      <section>
        <Trail name={name} />
        {found.value.kind === 'loading' ? (
          <div class="skeleton tall" role="status">
            <span class="unseen">Loading the group</span>
          </div>
        ) : (
          <p class="card trouble" role="alert">
            {found.value.detail}
          </p>
        )}
      </section>
    );
  }
  const group = found.value.value;
  const at = now.value ?? Date.now();
  const decisions = past.value.kind === 'answered' ? past.value.value.decisions : [];
  return (
    <div class="group">
      <Trail name={name} />
      <Standing page={page} group={group} now={at} />
      <div class="group-main">
        <div class="column">
          <ChartCard {...{ page, group, past, forecast, span, picked }} now={at} />
          {group.queue !== undefined && <QueuePanel queue={group.queue} />}
          <DecisionsTable decisions={decisions} picked={picked} now={at} />
        </div>
        <div class="column side">
          <WhyPanel page={page} group={group} picked={picked} now={at} />
          <ControlPanel page={page} group={group} now={at} />
        </div>
      </div>
      <InstancesGrid instances={group.instances} />
    </div>
  );
}

function Trail({ name }: { readonly name: string }): JSX.Element {
  return (
    <nav aria-label="Trail" class="trail">
      <a href="#/">Fleet</a> <span aria-hidden="true">/</span>{' '}
      <span aria-current="page">{name}</span>
    </nav>
  );
}

interface StandingProps {
  readonly page: Page;
  readonly group: GroupAnswer;
  readonly now: number;
}

function Standing({ group, now, page }: StandingProps): JSX.Element {
  const { desired, heldBy, inService, max, min, mode, name, overrides, pending, problem } = group;
  const row = page.live.fleet.value?.get(name);
  const signals = Object.entries(group.signals).slice(0, signalsShown);
  return (
    <header class="standing">
      <div class="head">
        <h1>{name}</h1>
        {row !== undefined && <HealthMark health={row.health} />}
        <span class={`mode is-${mode}`}>{mode}</span>
      </div>
      <p class="says" aria-live="off">
        {problem ?? group.now?.explanation.summary ?? 'Nothing has been decided yet.'}
      </p>
      {heldBy !== null && <p class="banner is-warning">Not acting: {heldBy} holds the group.</p>}
      {group.modeByHand !== null && <ModeByHand mode={mode} set={group.modeByHand} now={now} />}
      {overrides.map((override) => (
        <InForce key={override.kind} override={override} now={now} />
      ))}
      <dl class="figures">
        <Figure name="Demand" value={sayNumber(group.demand)} unit="instances" tone="demand" />
        <Figure name="In service" value={sayNumber(inService)} tone="capacity" />
        <Figure name="Desired" value={sayNumber(desired)} tone="desired" />
        <Figure name="Pending" value={sayNumber(pending)} />
        <Figure name="Bounds" value={`${min}–${max}`} />
        {signals.map(([selector, reading]) => (
          <Figure
            key={selector}
            name={selector.replace(/\/\d+ms$/, '')}
            value={saySignal(/\((.*?)\)/.exec(selector)?.[1] ?? selector, reading?.value ?? 0)}
          />
        ))}
      </dl>
    </header>
  );
}

const signalsShown = 3;

function InForce({ now, override }: { readonly override: Override; readonly now: number }) {
  const { by, kind, until, why } = override;
  const what = {
    set: () => `Set to ${'desired' in override ? override.desired : '?'}`,
    hold: () => `Held at ${'atLeast' in override ? override.atLeast : '?'} or more`,
    pause: () => 'Paused: nothing is added or removed',
  }[kind]();
  return (
    <p class="banner is-held">
      <b>{what}</b> by {by}, {until === null ? 'until resumed' : `until ${sayBoth(until, now)}`}: “
      {why}”
    </p>
  );
}

interface ModeByHandProps {
  readonly mode: Mode;
  readonly set: NonNullable<GroupAnswer['modeByHand']>;
  readonly now: number;
}

function ModeByHand({ mode, now, set }: ModeByHandProps) {
  const { at, by, configured, why } = set;
  return (
    <p class="banner is-held">
      <b>Mode {mode}</b> by {by} since {sayBoth(at, now)}: “{why}”. The config says {configured};
      change the mode to that to go back.
    </p>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly unit?: string;
  readonly tone?: 'demand' | 'capacity' | 'desired';
}

function Figure({ name, tone, unit, value }: FigureProps): JSX.Element {
  return (
    <div class={tone === undefined ? '' : `tone-${tone}`}>
      <dt>{name}</dt>
      <dd>
        {value} {unit !== undefined && <small class="quiet">{unit}</small>}
      </dd>
    </div>
  );
}
