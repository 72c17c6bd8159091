// All metrics and their data, with the delay between a sample's arrival and its being seen.

import type { Deque } from '../collections/deque.ts';
import { createDeque } from '../collections/deque.ts';
import { succeed } from '../fault.ts';
import type { Outcome } from '../fault.ts';
import type { EpochMs } from '../time.ts';
import { refuseLimit } from './faults.ts';
import { metricKey, NO_UNIT } from './metric.ts';
import type { MetricId } from './metric.ts';
import type { RetentionRule } from './retention.ts';
import { addToSeries, ageSeries, createSeries, isSeriesEmpty } from './series.ts';
import type { Sample, Series } from './series.ts';
import { summarizeSet, summarizeValue } from './summary.ts';
import type { StatisticSet, Summary } from './summary.ts';

/** One metric: its data lie apart by unit. */
export interface MetricEntry {
  readonly key: string;
  readonly id: MetricId;
  readonly units: Map<string, Series>;
  /** When data last came in. */
  updatedAt: EpochMs;
}

/** How long after its arrival a sample is seen. */
export interface PublicationDelays {
  readonly defaultMs: number;
  readonly byNamespace: ReadonlyMap<string, number>;
  /** For samples of high resolution in those namespaces, where it is shorter. */
  readonly highResolutionMs?: number;
}

/** Service metrics of one minute are there about a minute after its end. */
export const PUBLICATION_DELAYS: PublicationDelays = {
  defaultMs: 0,
  byNamespace: new Map([
    ['AWS/EC2', 60_000],
    ['AWS/AutoScaling', 60_000],
    ['AWS/SQS', 60_000],
  ]),
  highResolutionMs: 10_000,
};

export interface StoreLimits {
  readonly rules: readonly RetentionRule[];
  readonly delays: PublicationDelays;
  /** How many metrics, by unit, are kept; more are refused. */
  readonly seriesMax: number;
}

/** How many samples of one delay wait for their publication; more are refused. */
export const PENDING_SAMPLES_MAX = 5_000_000;

/** A sample that has arrived and is not seen yet. */
export interface PendingSample {
  readonly visibleAt: EpochMs;
  readonly key: string;
  readonly unit: string;
  readonly sample: Sample;
}

export interface MetricStore {
  readonly limits: StoreLimits;
  readonly entries: Map<string, MetricEntry>;
  /** By delay, so that each queue is in order of time. */
  readonly pending: Map<number, Deque<PendingSample>>;
  seriesCount: number;
  sweptAt: EpochMs;
}

/** What a service or a client measured. */
export interface Measurement extends MetricId {
  /** The time stamp: for a service's metric the start of the period measured. */
  readonly at: EpochMs;
  readonly value: number | StatisticSet;
  /** `None` when left out. */
  readonly unit?: string;
  /** `true` for storage at one second. */
  readonly isHighResolution?: boolean;
}

/** An empty store. */
export function createMetricStore(limits: StoreLimits): MetricStore {
  return { limits, entries: new Map(), pending: new Map(), seriesCount: 0, sweptAt: 0 };
}

/** Takes a measurement in; it is seen after its namespace's delay. */
export function recordMeasurement(
  store: MetricStore,
  measurement: Measurement,
  now: EpochMs,
): Outcome<true> {
  const { value } = measurement;
  const summary = typeof value === 'number' ? summarizeValue(value) : summarizeSet(value);
  return recordSummary(store, measurement, summary, now);
}

/** As `recordMeasurement`, for samples that are already summarized. */
export function recordSummary(
  store: MetricStore,
  measurement: Omit<Measurement, 'value'>,
  summary: Summary,
  now: EpochMs,
): Outcome<true> {
  const unit = measurement.unit ?? NO_UNIT;
  const isHighResolution = measurement.isHighResolution === true;
  const delayMs = delayOf(store.limits.delays, measurement.namespace, isHighResolution);
  const waitingCount = store.pending.get(delayMs)?.size ?? 0;
  if (waitingCount >= PENDING_SAMPLES_MAX) {
    return refuseLimit(`No more than ${PENDING_SAMPLES_MAX} samples wait for their publication.`);
  }
  const entry = openEntry(store, measurement, unit, now);
  if (entry === undefined) {
    return refuseLimit(`No more than ${store.limits.seriesMax} metrics are stored.`);
  }
  entry.updatedAt = now;
  const sample: Sample = { at: measurement.at, isHighResolution, summary };
  if (delayMs <= 0) publishSample(store, { visibleAt: now, key: entry.key, unit, sample }, now);
  else queueSample(store, delayMs, { visibleAt: now + delayMs, key: entry.key, unit, sample });
  return succeed(true);
}

function delayOf(delays: PublicationDelays, namespace: string, isHighResolution: boolean): number {
  const delayMs = delays.byNamespace.get(namespace);
  if (delayMs === undefined) return delays.defaultMs;
  return isHighResolution ? Math.min(delayMs, delays.highResolutionMs ?? delayMs) : delayMs;
}

function openEntry(
  store: MetricStore,
  { namespace, metricName, dimensions }: MetricId,
  unit: string,
  now: EpochMs,
): MetricEntry | undefined {
  const id = { namespace, metricName, dimensions };
  const key = metricKey(id);
  const known = store.entries.get(key);
  if (known?.units.has(unit)) return known;
  if (store.seriesCount >= store.limits.seriesMax) return undefined;
  const entry = known ?? { key, id, units: new Map<string, Series>(), updatedAt: now };
  if (known === undefined) store.entries.set(key, entry);
  entry.units.set(unit, createSeries(unit));
  store.seriesCount += 1;
  return entry;
}

function queueSample(store: MetricStore, delayMs: number, pending: PendingSample): void {
  let queue = store.pending.get(delayMs);
  if (queue === undefined) {
    queue = createDeque();
    store.pending.set(delayMs, queue);
  }
  queue.push(pending);
}

/** Makes visible what is due at `now`, and drops what has aged out once an hour. */
export function publishDue(store: MetricStore, now: EpochMs): void {
  for (const queue of store.pending.values()) {
    for (;;) {
      const first = queue.peek();
      if (first === undefined || first.visibleAt > now) break;
      queue.shift();
      publishSample(store, first, now);
    }
  }
  if (now - store.sweptAt >= SWEEP_EVERY_MS) sweep(store, now);
}

const SWEEP_EVERY_MS = 60 * 60_000;

function publishSample(store: MetricStore, pending: PendingSample, now: EpochMs): void {
  const series = store.entries.get(pending.key)?.units.get(pending.unit);
  if (series !== undefined) addToSeries(series, pending.sample, store.limits.rules, now);
}

function sweep(store: MetricStore, now: EpochMs): void {
  store.sweptAt = now;
  for (const entry of store.entries.values()) {
    for (const [unit, series] of entry.units) {
      ageSeries(series, store.limits.rules, now);
      if (!isSeriesEmpty(series) || now - entry.updatedAt < SWEEP_EVERY_MS) continue;
      entry.units.delete(unit);
      store.seriesCount -= 1;
    }
    if (entry.units.size === 0) store.entries.delete(entry.key);
  }
}

/**
 * The series of a metric, aged to `now`: those of `unit`, or of every unit that has been reported,
 * in alphabetical order.
 */
export function findSeries(
  store: MetricStore,
  id: MetricId,
  unit: string | undefined,
  now: EpochMs,
): Series[] {
  const entry = store.entries.get(metricKey(id));
  const found = [...(entry?.units.values() ?? [])]
    .filter((series) => unit === undefined || series.unit === unit)
    .toSorted((a, b) => (a.unit < b.unit ? -1 : 1));
  for (const series of found) ageSeries(series, store.limits.rules, now);
  return found;
}
