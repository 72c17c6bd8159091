// The forecasters of all groups: fed with every closed block, taken up again at the start from what
// was saved and from the history, a bounded piece at a time beside the ticks, and saved now and then.
//
//     waiting ──turn comes──> learning ──history is through──> live ──forget──> waiting

import type { EpochMs } from '../core/time.ts';
import {
  demandSeries,
  GroupForecaster,
  planStepMs,
  type ForecastTerms,
} from './group-forecaster.ts';
import { blockMs } from './history-recorder.ts';
import { ModelFits } from './model-fits.ts';
import type { Clock } from './ports/clock.ts';
import type { HistoryIntake } from './ports/forecast.ts';
import type { Log } from './ports/log.ts';
import type { ModelFitter } from './ports/model-fitter.ts';
import type {
  HistoryImport,
  HistoryImported,
  HistoryPoint,
  Store,
  StoreOutcome,
} from './ports/store.ts';

const dayMs = 86_400_000;
const minuteMs = 60_000;
/** What a forecaster can look back upon. */
const pastMs = 36 * dayMs;
/** Before this, minutes are learnt as one block each: no expert looks at blocks that old. */
const finePastMs = 15 * dayMs;
/** Means of ten seconds are kept for eight days. */
const tenSecondsKeptMs = 8 * dayMs;
/** From then on the horizons of plans are learnt as well. */
const horizonsFromMs = 3 * dayMs;
/** Blocks learnt at a time, ten milliseconds of work at most, and the pause after it. */
const blocksPerPiece = 720;
const blocksPerPieceWithHorizons = 60;
const pauseMs = 20;
/** So much history is read at a time. */
const readSpanMs = dayMs;
/** How often the horizons of plans are asked for. */
const keepHorizonsEveryMs = 6 * 3_600_000;
/** One group at a time, whenever blocks close: of more than sixty each waits for its turn. */
const saveEveryMs = 600_000;
/** Points that come while the past is learnt: an hour of them. */
const heldPointsMax = 360;

interface Kept {
  readonly forecaster: GroupForecaster;
  phase: 'waiting' | 'learning' | 'live';
  /** The history has changed while it was learnt from. */
  isOutdated: boolean;
  /** What came while the past was learnt. */
  held: HistoryPoint[];
  keptHorizonsAt: EpochMs;
  savedAt: EpochMs;
}

export interface KeeperPorts {
  readonly store: Pick<Store, 'history' | 'forecasts'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent: experts that have to be fitted have no part. */
  readonly fitter?: ModelFitter;
}

export class ForecastKeeper implements HistoryIntake {
  readonly #ports: KeeperPorts;
  readonly #kept = new Map<string, Kept>();
  readonly #fits: ModelFits;
  #isLearning = false;
  #isStopped = false;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
    this.#fits = new ModelFits(ports);
  }

  /** The groups' terms as they are now; those that stay keep what they have learnt. */
  follow(groups: ReadonlyMap<string, ForecastTerms | null>): void {
    for (const [name, { forecaster }] of this.#kept) {
      const terms = groups.get(name);
      if (terms && demandSeries(terms) === demandSeries(forecaster.terms)) {
        forecaster.terms = terms;
        continue;
      }
      this.#kept.delete(name);
    }
    const now = this.#ports.clock.now();
    for (const [name, terms] of groups) {
      if (terms === null || this.#kept.has(name)) continue;
      this.#kept.set(name, {
        forecaster: new GroupForecaster(name, terms),
        phase: 'waiting',
        isOutdated: false,
        held: [],
        keptHorizonsAt: now,
        savedAt: now,
      });
    }
  }

  find(group: string): { forecaster: GroupForecaster; isLive: boolean } | null {
    const kept = this.#kept.get(group);
    if (kept === undefined) return null;
    return { forecaster: kept.forecaster, isLive: kept.phase === 'live' };
  }

  /** Once a tick. */
  noteServing(group: string, now: EpochMs, instances: number): void {
    this.#kept.get(group)?.forecaster.noteServing(now, instances);
  }

  /** Learns from means that the history is about to keep; returns those of the demand made of them. */
  take(group: string, points: readonly HistoryPoint[]): readonly HistoryPoint[] {
    const kept = this.#kept.get(group);
    if (kept === undefined) return [];
    const demand = kept.forecaster.toDemand(points);
    if (kept.phase === 'live') this.#learn(kept, demand);
    else kept.held = [...kept.held, ...demand].slice(-heldPointsMax);
    return kept.forecaster.terms.isTotal ? [] : demand;
  }

  /** Takes the past of every group that waits, one after another. Resolves when all are live. */
  async learnPast(): Promise<void> {
    if (this.#isLearning) return;
    this.#isLearning = true;
    for (const kept of this.#kept.values()) {
      if (kept.phase === 'waiting' && !this.#isStopped) await this.#learnGroup(kept);
    }
    this.#isLearning = false;
  }

  seriesOf(group: string): string | null {
    const kept = this.#kept.get(group);
    return kept === undefined ? null : demandSeries(kept.forecaster.terms);
  }

  async importHistory(
    request: HistoryImport & { readonly isLast: boolean },
  ): Promise<StoreOutcome<HistoryImported>> {
    const { isLast, ...minutes } = request;
    const imported = await this.#ports.store.history.importMinutes(minutes);
    // Not awaited: it takes a while, and the minutes are in.
    if (imported.ok && isLast && !request.isTrial) void this.#relearn(request.group);
    return imported;
  }

  /** The history of a group has changed: what was learnt from it is learnt anew. */
  async #relearn(group: string): Promise<void> {
    const kept = this.#kept.get(group);
    if (kept === undefined || kept.phase === 'waiting') return;
    if (kept.phase === 'learning') {
      kept.isOutdated = true;
      return;
    }
    kept.forecaster.forget();
    kept.phase = 'learning';
    await this.#learnHistory(kept);
    if (this.#isStopped) return;
    this.#goLive(kept);
    await this.#save(kept);
  }

  /** Has the expert fitted that waits for it longest, beside the loop; one at a time. */
  fitDue(): void {
    if (this.#isStopped) return;
    const live = [...this.#kept.values()].filter(({ phase }) => phase === 'live');
    const isKept = (one: GroupForecaster): boolean => this.find(one.group)?.forecaster === one;
    this.#fits.start(
      live.map(({ forecaster }) => forecaster),
      (one) => !this.#isStopped && isKept(one),
    );
  }

  /** Saves at most one group that is due, so that the work is spread: the one not saved for longest. */
  async saveDue(): Promise<void> {
    let due: Kept | null = null;
    let least = this.#ports.clock.now() - saveEveryMs;
    for (const kept of this.#kept.values()) {
      if (kept.phase !== 'live' || kept.savedAt > least) continue;
      if (due !== null && kept.savedAt === least) continue;
      [due, least] = [kept, kept.savedAt];
    }
    if (due !== null) await this.#save(due);
  }

  /** Saves what was learnt, of groups whose past was through. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const kept of this.#kept.values()) {
      if (kept.phase === 'live') await this.#save(kept);
    }
  }

  #learn(kept: Kept, demand: readonly HistoryPoint[]): void {
    kept.forecaster.learn(demand);
    if (kept.phase === 'live') this.#fits.tellChanges(kept.forecaster);
    const until = kept.forecaster.learntUntil ?? 0;
    if (until < kept.keptHorizonsAt + keepHorizonsEveryMs) return;
    kept.keptHorizonsAt = until;
    kept.forecaster.keepHorizons();
  }

  async #learnGroup(kept: Kept): Promise<void> {
    kept.phase = 'learning';
    const { forecasts } = this.#ports.store;
    const loaded = await forecasts.load(kept.forecaster.group);
    if (loaded.ok && loaded.value !== null) kept.forecaster.restore(loaded.value);
    await this.#learnHistory(kept);
    if (!this.#isStopped) this.#goLive(kept);
  }

  #goLive(kept: Kept): void {
    kept.phase = 'live';
    // What there is by now is no news.
    this.#fits.tellChanges(kept.forecaster);
    this.#learn(kept, kept.held);
    kept.held = [];
    kept.forecaster.keepHorizons();
    kept.keptHorizonsAt = kept.forecaster.learntUntil ?? 0;
    if (!kept.isOutdated) return;
    kept.isOutdated = false;
    void this.#relearn(kept.forecaster.group);
  }

  async #learnHistory(kept: Kept): Promise<void> {
    const { forecaster } = kept;
    const now = this.#ports.clock.now();
    kept.keptHorizonsAt = Number.NEGATIVE_INFINITY;
    const from = Math.max(forecaster.learntUntil ?? 0, now - pastMs);
    const start = Math.floor(from / minuteMs) * minuteMs;
    for (let at = start; at < now && !this.#isStopped; at += readSpanMs) {
      const range = { from: at, to: Math.min(at + readSpanMs, now) };
      const points = await this.#read(forecaster, range);
      const isRecent = range.to > now - horizonsFromMs;
      const length = isRecent ? blocksPerPieceWithHorizons : blocksPerPiece;
      for (let index = 0; index < points.length && !this.#isStopped; index += length) {
        const piece = points.slice(index, index + length);
        if (isRecent) this.#learn(kept, piece);
        else forecaster.learn(piece);
        await this.#pause();
      }
    }
  }

  /** Ten-second means as far as they are kept; before that and between them, minutes. */
  async #read(
    { group, terms }: GroupForecaster,
    range: { readonly from: EpochMs; readonly to: EpochMs },
  ): Promise<readonly HistoryPoint[]> {
    const { clock, log, store } = this.#ports;
    const query = { group, signal: demandSeries(terms), ...range };
    const minutes = await store.history.readMinutes(query);
    const isFine = range.to > clock.now() - tenSecondsKeptMs - dayMs;
    const fine = isFine
      ? await store.history.readTenSeconds(query)
      : ({ ok: true, value: [] } as const);
    if (!minutes.ok || !fine.ok) {
      const message = minutes.ok ? (fine.ok ? '' : fine.message) : minutes.message;
      log.write('warn', `${group}: forecasts begin without a part of the past: ${message}`);
      return [];
    }
    const known = new Set(fine.value.map(({ start }) => Math.floor(start / minuteMs)));
    const isOld = range.to < clock.now() - finePastMs;
    const coarse = minutes.value
      .filter(({ start }) => !known.has(start / minuteMs))
      .flatMap(({ start, mean }) => {
        const blocks = isOld ? 1 : minuteMs / blockMs;
        return Array.from({ length: blocks }, (_, index) => {
          return { group, signal: query.signal, start: start + index * blockMs, mean };
        });
      });
    if (fine.value.length === 0) return coarse;
    return [...coarse, ...fine.value].toSorted((one, other) => one.start - other.start);
  }

  async #save(kept: Kept): Promise<void> {
    const { clock, log, store } = this.#ports;
    kept.savedAt = clock.now();
    const { group } = kept.forecaster;
    const saved = await store.forecasts.save(group, kept.forecaster.save());
    if (!saved.ok) log.write('warn', `${group}: what was learnt is not saved: ${saved.message}`);
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ports.clock.after(pauseMs, resolve);
    await promise;
  }
}

/** The first step of a plan that has not begun. */
export function firstStep(now: EpochMs): EpochMs {
  return Math.ceil(now / planStepMs) * planStepMs;
}
