// The chart with what steers it, its key, and its table.

import { useSignal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo, useRef } from 'preact/hooks';
import { joinChartData, pickLevels, type Present } from '../chart/chart-data.ts';
import { pan, presets, settle, zoom, type ChartSpan } from '../chart/chart-span.ts';
import { ChartTable } from '../chart/chart-table.tsx';
import { GroupChart } from '../chart/group-chart.tsx';
import { findPrewarms } from '../chart/prewarms.ts';
import { findShades, noteFreezes, type Shade } from '../chart/shades.ts';
import type { ForecastAnswer, GroupAnswer, ToldDecision } from '../contract.ts';
import type { Page } from '../page.ts';
import { sayBoth } from '../say.ts';
import { chartBounds, type GroupPast } from './group-past.ts';
import { Loaded, type Loading } from './loaded.tsx';

interface Props {
  readonly page: Page;
  readonly group: GroupAnswer;
  readonly past: ReadonlySignal<Loading<GroupPast>>;
  readonly forecast: ForecastAnswer | null;
  readonly span: Signal<ChartSpan>;
  readonly picked: Signal<ToldDecision | null>;
  readonly now: number;
}

export function ChartCard({ forecast, group, now, page, past, picked, span }: Props): JSX.Element {
  return (
    <section class="card chart-card" aria-label="Demand and capacity over time">
      <SpanBar span={span} now={now} />
      <Loaded from={past.value} again={() => void (span.value = { ...span.value })}>
        {(found) => <Drawn {...{ forecast, found, group, now, page, picked, span }} />}
      </Loaded>
    </section>
  );
}

interface DrawnProps extends Omit<Props, 'past'> {
  readonly found: GroupPast;
}

function Drawn({ forecast, found, group, now, page, picked, span }: DrawnProps): JSX.Element {
  const isTable = useSignal(false);
  const isFollowing = span.value.kind === 'following';
  const bounds = chartBounds(span.value, now, forecast !== null);
  const present: Present | null = isFollowing
    ? {
        at: now,
        desired: group.desired,
        inService: group.inService,
        demand: group.demand,
      }
    : null;
  const { decisions, entries, series } = found;
  const spanBounds = { from: bounds.from, to: Math.min(bounds.to, now) };
  const data = joinChartData({ series, present, forecast, bounds: spanBounds });
  const freezes = useRef<readonly Shade[]>([]);
  freezes.current = noteFreezes(freezes.current, group.now);
  const shades = useMemo(
    () => [
      ...findShades({ entries, group: group.name, overrides: group.overrides }),
      ...freezes.current,
      ...findPrewarms({ decisions, series }),
    ],
    [found, freezes.current, group.name, group.overrides],
  );
  const pickedAt = picked.value?.decision.at ?? null;
  return (
    <>
      {data.times.length <= 1 && (
        <p class="empty">Nothing is recorded in this span yet. The line grows from here.</p>
      )}
      <GroupChart
        data={data}
        bounds={bounds}
        marks={{ decisions, shades, now: isFollowing ? now : null, pickedAt }}
        isDark={page.scheme.isDark.value}
        onSelect={(selected) => void (span.value = settle(selected, now))}
        onPick={(told) => void (picked.value = told)}
        onPan={(share) => void (span.value = pan(span.value, share, now))}
        onZoom={(factor) => void (span.value = zoom(span.value, factor, now))}
      />
      <Key kinds={new Set(shades.map(({ kind }) => kind))} forecast={forecast} />
      <details
        open={isTable.value}
        onToggle={(event) => void (isTable.value = event.currentTarget.open)}
      >
        <summary>The chart as a table</summary>
        {isTable.value && <ChartTable data={data} shades={shades} />}
      </details>
    </>
  );
}

function SpanBar({ now, span }: { readonly span: Signal<ChartSpan>; now: number }): JSX.Element {
  const here = span.value;
  return (
    <div class="span-bar">
      <div role="group" aria-label="Span of time" class="segments">
        {presets.map(({ label, lengthMs }) => (
          <button
            type="button"
            key={label}
            aria-pressed={here.kind === 'following' && here.lengthMs === lengthMs}
            onClick={() => void (span.value = { kind: 'following', lengthMs })}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="group" aria-label="Move and zoom" class="segments">
        <button
          type="button"
          aria-label="Earlier"
          onClick={() => void (span.value = pan(here, -0.5, now))}
        >
          ←
        </button>
        <button
          type="button"
          aria-label="Later"
          disabled={here.kind === 'following'}
          onClick={() => void (span.value = pan(here, 0.5, now))}
        >
          →
        </button>
        <button
          type="button"
          aria-label="Zoom in"
          onClick={() => void (span.value = zoom(here, 0.5, now))}
        >
          +
        </button>
        <button
          type="button"
          aria-label="Zoom out"
          onClick={() => void (span.value = zoom(here, 2, now))}
        >
          −
        </button>
      </div>
      {here.kind === 'fixed' && (
        <span class="fixed-span">
          {sayBoth(here.from, now)} to {sayBoth(here.to, now)}{' '}
          <button
            type="button"
            class="link"
            onClick={() => {
              const [, hour] = presets;
              span.value = { kind: 'following', lengthMs: hour.lengthMs };
            }}
          >
            Back to now
          </button>
        </span>
      )}
      <span class="hint quiet">Drag to zoom. Click an arrow for its reasons.</span>
    </div>
  );
}

interface KeyProps {
  readonly kinds: ReadonlySet<Shade['kind']>;
  readonly forecast: ForecastAnswer | null;
}

function Key({ forecast, kinds }: KeyProps): JSX.Element {
  const isHeld = kinds.size > (kinds.has('prewarm') ? 1 : 0);
  return (
    <ul class="key" aria-label="Key">
      <li class="key-demand">demand</li>
      <li class="key-capacity">in service</li>
      <li class="key-desired">desired</li>
      {forecast !== null && <li class="key-forecast">{sayForecast(forecast)}</li>}
      <li class="key-out">scale out</li>
      <li class="key-in">scale in</li>
      {isHeld && <li class="key-held">held, set, paused or frozen</li>}
      {kinds.has('prewarm') && <li class="key-prewarm">launched ahead of need</li>}
    </ul>
  );
}

function sayForecast({ code, isUsable, levels, sizing }: ForecastAnswer): string {
  if (!isUsable) return `no forecast: ${code.replaceAll('-', ' ')}`;
  if (sizing.perInstance === null) return 'forecast, not in instances: see foretide plan';
  const [low, high] = pickLevels(levels);
  const share = (levels[high] ?? 0) - (levels[low] ?? 0);
  const doubt = code === 'short-history' ? ', of a short history' : '';
  return `forecast, ${Math.round(share * 100)}% band${doubt}`;
}
