// What the chart and the table of a group need of its past, asked for anew as time goes on.

import { useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { groupPath } from '../ask.ts';
import { aheadRatio, boundsOf, type Bounds, type ChartSpan } from '../chart/chart-span.ts';
import type {
  AuditAnswer,
  AuditEntry,
  DecisionsAnswer,
  ForecastAnswer,
  SeriesAnswer,
  ToldDecision,
} from '../contract.ts';
import type { Page } from '../page.ts';
import type { Loading } from './loaded.tsx';

export interface GroupPast {
  readonly series: SeriesAnswer;
  /** Changes only, newest first. */
  readonly decisions: readonly ToldDecision[];
  readonly entries: readonly AuditEntry[];
}

const pointsShown = 600;
const decisionsMax = 300;
const auditMax = 200;
const againShortMs = 3000;
const againLongMs = 15_000;
const forecastEveryMs = 20_000;
const shortSpanMaxMs = 3_600_000;

export interface PastWanted {
  readonly name: string;
  readonly span: ChartSpan;
  /** The group's present; null until it is known. */
  readonly now: ReadonlySignal<number | null>;
}

export function useGroupPast(page: Page, wanted: PastWanted): ReadonlySignal<Loading<GroupPast>> {
  const past = useSignal<Loading<GroupPast>>({ kind: 'loading' });
  const { name, now, span } = wanted;
  const isKnown = now.value !== null;
  const { restarts } = page.live;
  const key = span.kind === 'fixed' ? `${span.from}-${span.to}` : String(span.lengthMs);
  useEffect(() => {
    if (!isKnown) return;
    let isWanted = true;
    let isAsking = false;
    const load = async (): Promise<void> => {
      if (isAsking || document.hidden) return;
      isAsking = true;
      const found = await loadPast(page, name, boundsOf(span, now.value ?? Date.now()));
      isAsking = false;
      if (!isWanted) return;
      // What was there stays while the controller cannot be reached: the banner tells.
      const isKept = found.kind === 'unreachable' && past.value.kind === 'answered';
      if (!isKept) past.value = found;
    };
    void load();
    const isLong = span.kind === 'fixed' || span.lengthMs > shortSpanMaxMs;
    const timer = setInterval(() => void load(), isLong ? againLongMs : againShortMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [page, name, key, isKnown, restarts.value]);
  return past;
}

/** Null while there is none, which is no trouble: a group may have nobody who forecasts. */
export function useForecast(page: Page, name: string): ReadonlySignal<ForecastAnswer | null> {
  const forecast = useSignal<ForecastAnswer | null>(null);
  useEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      const answer = await page.ask<ForecastAnswer>(groupPath(name, '/forecast'));
      if (!isWanted || answer.kind === 'unreachable') return;
      forecast.value = answer.kind === 'answered' ? answer.value : null;
    };
    void load();
    const timer = setInterval(() => void load(), forecastEveryMs);
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [page, name]);
  return forecast;
}

async function loadPast(
  page: Page,
  name: string,
  bounds: { readonly from: number; readonly to: number },
): Promise<Loading<GroupPast>> {
  const range = `from=${Math.floor(bounds.from)}&to=${Math.ceil(bounds.to)}`;
  const kinds = 'kind=scale-out,scale-in';
  const [series, decisions, audit] = await Promise.all([
    page.ask<SeriesAnswer>(groupPath(name, `/series?${range}&points=${pointsShown}`)),
    page.ask<DecisionsAnswer>(
      groupPath(name, `/decisions?${range}&${kinds}&limit=${decisionsMax}`),
    ),
    page.ask<AuditAnswer>(`/v1/audit?limit=${auditMax}`),
  ]);
  if (series.kind !== 'answered') return series;
  if (decisions.kind !== 'answered') return decisions;
  return {
    kind: 'answered',
    value: {
      series: series.value,
      decisions: decisions.value.decisions,
      // A record that cannot be read costs the chart its shading, no more.
      entries: audit.kind === 'answered' ? audit.value.entries : [],
    },
  };
}

/** The chart's bounds, with room for a forecast where the span follows the present. */
export function chartBounds(span: ChartSpan, now: number, hasForecast: boolean): Bounds {
  const { from, to } = boundsOf(span, now);
  const isAhead = hasForecast && span.kind === 'following';
  return { from, to: isAhead ? to + (to - from) * aheadRatio : to };
}
