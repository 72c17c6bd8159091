// What a group's demand policy learns from: once a second the load that all instances carry together,
// how busy they are, and how long launches take. Owns the model; decides nothing, does no I/O.
//
//   share (cpu alone) ──▶ source `demand` ──▶ requestsPerSecond     (never back: the unit differs)
//
// Instances of different types count alike: an instance's capacity is the mean over the group.
// size: what is sampled, learned, remembered and told has one state

import type { Capacity } from '../core/capacity.ts';
import {
  createPoolOutlook,
  notePoolSample,
  planPool,
  standIn,
  type PoolOutlook,
} from '../core/demand/pool-outlook.ts';
import {
  createDemandModel,
  noteLaunch,
  noteSample,
  noteService,
} from '../core/demand/demand-model.ts';
import type { DemandModel, DemandSample } from '../core/demand/demand-model.ts';
import type { DemandReading } from '../core/demand/demand-reading.ts';
import { takeOverLead } from '../core/demand/lead-estimate.ts';
import { evaluate, listOperands } from '../core/expression.ts';
import type { DemandPolicy } from '../core/policies/policy.ts';
import type { SignalReading, SignalSelector } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { PoolPlan, WarmPoolTerms } from '../core/warm-pool/warm-pool.ts';
import type { CarriedLoad } from './carried-load.ts';
import { recallLearned, rememberLearned } from './demand-bytes.ts';
import type { Fleet } from './fleet.ts';
import { isWorse, kindOf, unitOf, type LoadKind } from './load-unit.ts';
import { costOfPool, noPool, type PoolSight } from './pool-sight.ts';
import { readService, serviceSignal } from './read-service.ts';
import type { SourceBoard } from './source-board.ts';

const sampleMs = 1000;
/** Where the busy share is all that is known: from here on it says nothing of what more was asked. */
const fullRatio = 0.95;
const busySignal = 'cpu';
const requestsSignal = 'requestsPerSecond';
const demandSource = 'demand';
/** Launches asked for and not of use yet that are remembered; what is beyond is taken as seen. */
const launchesMax = 1000;
/** Of a memory: the unit of its numbers. */
const unitBytes = 4;

/** What is looked at once a second. */
export interface DemandSight {
  readonly fleet: Fleet;
  readonly sources: SourceBoard;
  readonly capacity: Capacity;
  readonly isConnected: boolean;
  readonly hasLoadTopic: boolean;
  readonly minReportingRatio: number;
}

export class DemandFeed {
  #policy: DemandPolicy;
  #model: DemandModel;
  #kind: LoadKind;
  #sampledAt: EpochMs = Number.NEGATIVE_INFINITY;
  /** When launches were asked for that are not of use yet, oldest first. */
  readonly #askedAt: EpochMs[] = [];
  #terms: WarmPoolTerms | null;
  /** What starts from the warm pool would do; null for groups that are to have none. */
  #pool: PoolOutlook | null;
  #poolSight: PoolSight = noPool;

  constructor(policy: DemandPolicy, terms: WarmPoolTerms | null = null) {
    this.#policy = policy;
    this.#terms = terms;
    this.#model = createDemandModel(policy);
    this.#pool = terms === null ? null : createPoolOutlook(policy, terms.state);
    this.#kind = policy.load === undefined ? 'share' : 'chosen';
  }

  /** By cold launches, or by what waits in the pool as well, once its starts have been measured. */
  get reading(): DemandReading | null {
    const cold = this.#model.reading;
    const warm = this.#pool?.warm;
    if (cold === null || warm === undefined || warm.reading?.at !== cold.at) return cold;
    const isUsable = this.#pool?.isCheaper === true && warm.lead.samples.length > 0;
    return isUsable ? standIn(cold, warm.reading, this.#poolSight.ready) : cold;
  }

  /** What is worth having ready; null without terms, and before anything is known. */
  get poolPlan(): PoolPlan | null {
    if (this.#pool === null || this.#terms === null) return null;
    const { pricePerInstanceHour: price } = this.#poolSight;
    return planPool(this.#pool, this.#model, costOfPool(this.#terms, this.#poolSight), price);
  }

  /** How the pool stands at this tick. */
  seePool(sight: PoolSight): void {
    this.#poolSight = sight;
  }

  /** What the model's numbers are of: see `unitOf`. */
  get unit(): number {
    return unitOf(this.#kind, this.#policy.load);
  }

  /**
   * What one instance can do of a signal, summed over the group, in that signal's own unit: of what the
   * model learns from, or of the busy share, of which every instance has one. Null for any other.
   */
  capacityOf(signal: string): number | null {
    if (this.reading === null) return null;
    if (signal === this.#loadSignal()) return this.reading.capacityPerInstance;
    return signal === busySignal ? 1 : null;
  }

  #loadSignal(): string | null {
    switch (this.#kind) {
      case 'share':
        return busySignal;
      case 'source':
        return demandSource;
      case 'requests':
        return requestsSignal;
      case 'chosen':
        return this.#policy.load?.signal ?? null;
    }
  }

  /** Another promise goes on with what was learned; another load begins anew. */
  reconfigure(policy: DemandPolicy, terms: WarmPoolTerms | null = null): void {
    const before = this.#policy;
    this.#policy = policy;
    if (terms?.state !== this.#terms?.state) {
      // A start from another state takes another time.
      this.#pool = terms === null ? null : createPoolOutlook(policy, terms.state);
    }
    this.#terms = terms;
    if (policy.load?.key !== before.load?.key) {
      this.#begin(policy.load === undefined ? 'share' : 'chosen');
      return;
    }
    const isSame =
      policy.violationRatio === before.violationRatio &&
      JSON.stringify(policy.latency) === JSON.stringify(before.latency) &&
      policy.isForecasting === before.isForecasting;
    if (isSame) return;
    const { model, pool } = recallLearned(rememberLearned(this.#model, this.#pool), policy) ?? {};
    this.#model = model ?? createDemandModel(policy);
    if (terms !== null) this.#pool = pool ?? createPoolOutlook(policy, terms.state);
  }

  /** Takes a sample, at most one for each second. Where too little is seen there is none. */
  sample(sight: DemandSight, now: EpochMs): void {
    this.#learnLaunches(sight, now);
    const at = Math.floor(now / sampleMs) * sampleMs;
    if (at <= this.#sampledAt || !sight.isConnected) return;
    const carried = sight.fleet.addUp(this.#listSummed(sight.sources, now), now);
    const { serving, reporting } = carried;
    if (reporting === 0 || reporting < sight.minReportingRatio * serving) return;
    const busy = carried.sums.get(busySignal);
    if (busy === undefined || busy.count < sight.minReportingRatio * serving) return;
    const mean = Math.min(1, busy.sum / busy.count);
    const instances = sight.hasLoadTopic ? sight.capacity.inService : serving;
    if (!(instances > 0)) return;
    const offered = this.#findLoad(carried, { sight, instances, mean, now });
    // Silence is not a zero: one is believed only where all are heard.
    if (offered === null || (offered === 0 && reporting < serving)) return;
    this.#sampledAt = at;
    const busyRatio = this.#kind === 'share' && mean >= fullRatio ? 1 : mean;
    this.#noteService(carried, (signal) => sight.sources.value(signal, now));
    this.#note({ at, load: offered, busyRatio, instances });
  }

  #noteService(carried: CarriedLoad | null, valueOf: (signal: string) => number | null): void {
    // Of busy shares nobody knows how many requests they are.
    if (this.#kind === 'share') return;
    const serviceMs = readService(this.#policy.latency?.service, carried, valueOf);
    if (serviceMs === null) return;
    noteService(this.#model, serviceMs);
    if (this.#pool !== null) noteService(this.#pool.warm, serviceMs);
  }

  #note(sample: DemandSample): void {
    noteSample(this.#model, sample);
    if (this.#pool === null || this.#terms === null) return;
    notePoolSample(this.#pool, this.#model, sample, costOfPool(this.#terms, this.#poolSight));
  }

  /** Launches that AWS has accepted. */
  noteAsked(count: number, at: EpochMs): void {
    for (let each = 0; each < count && this.#askedAt.length < launchesMax; each += 1) {
      this.#askedAt.push(at);
    }
  }

  /** What was learned, with what it is of. */
  remember(): Uint8Array {
    const learned = rememberLearned(this.#model, this.#pool);
    const bytes = new Uint8Array(unitBytes + learned.length);
    new DataView(bytes.buffer).setUint32(0, this.unit);
    bytes.set(learned, unitBytes);
    return bytes;
  }

  /** Goes on from what `remember` gave; false where it is of no use to this policy. */
  recall(bytes: Uint8Array): boolean {
    if (bytes.length < unitBytes) return false;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kind = kindOf(view.getUint32(0), this.#policy.load);
    if (kind === null) return false;
    const learned = recallLearned(bytes.subarray(unitBytes), this.#policy);
    if (learned === null) return false;
    this.#kind = kind;
    this.#model = learned.model;
    if (this.#terms !== null && learned.pool !== null) this.#pool = learned.pool;
    return true;
  }

  /**
   * A block of ten seconds from the history, in their order and before any sample; false where it is
   * of another load than this policy's.
   */
  relive(past: { readonly unit: number; readonly end: EpochMs } & PastBlock): boolean {
    const kind = kindOf(past.unit, this.#policy.load);
    if (kind === null) return false;
    if (kind !== this.#kind) this.#begin(kind);
    const { end, demand, capacityPerInstance, instances } = past;
    const busyRatio = Math.min(1, demand / (capacityPerInstance * instances));
    this.#noteService(null, () => null);
    for (let at = end - reliveSamples * sampleMs; at < end; at += sampleMs) {
      // A mean of ten seconds does not say which of them were full, so nothing is guessed from it.
      this.#note({ at: at + sampleMs, load: demand, busyRatio, instances, hidesNothing: true });
    }
    return true;
  }

  #begin(kind: LoadKind): void {
    const before = this.#model;
    const warm = this.#pool?.warm;
    this.#kind = kind;
    this.#model = createDemandModel(this.#policy);
    // How long a launch takes is the same in every unit.
    takeOverLead(before.lead, this.#model.lead);
    if (this.#terms === null) return;
    this.#pool = createPoolOutlook(this.#policy, this.#terms.state);
    if (warm !== undefined) takeOverLead(warm.lead, this.#pool.warm.lead);
  }

  #learnLaunches({ fleet, capacity }: DemandSight, now: EpochMs): void {
    const { arrivals, waiting } = fleet.takeArrivals();
    for (const { seenAt, isWarm } of arrivals) {
      const tookMs = now - (isWarm ? this.#findAskedLast(seenAt) : this.#findAsked(seenAt));
      // A start from the pool says nothing of how long a boot takes.
      if (!isWarm) noteLaunch(this.#model, tookMs);
      else if (this.#pool !== null) noteLaunch(this.#pool.warm, tookMs);
    }
    const { desired, inService, pending, describedAt } = capacity;
    const underWay = waiting + Math.max(0, desired - inService - pending);
    // What was cancelled or failed is forgotten, the newest first; what AWS was asked for since the
    // description stays.
    const known = this.#askedAt.filter((at) => at < describedAt).length;
    if (known > underWay) this.#askedAt.splice(underWay, known - underWay);
  }

  /** The oldest launch asked for before it was seen: launches arrive in their order, or nearly. */
  #findAsked(seenAt: EpochMs): EpochMs {
    const oldest = this.#askedAt[0];
    if (oldest === undefined || oldest > seenAt) return seenAt;
    this.#askedAt.shift();
    return oldest;
  }

  /** The newest one before it was seen: a start from the pool overtakes what boots. */
  #findAskedLast(seenAt: EpochMs): EpochMs {
    const index = this.#askedAt.findLastIndex((at) => at <= seenAt);
    const [asked] = index < 0 ? [] : this.#askedAt.splice(index, 1);
    return asked ?? seenAt;
  }

  #listSummed(sources: SourceBoard, now: EpochMs): readonly string[] {
    const { load } = this.#policy;
    const service = serviceSignal(this.#policy) ?? busySignal;
    if (load === undefined) return [busySignal, requestsSignal, service];
    const operands = listLoad(load).filter(({ signal }) => sources.value(signal, now) === null);
    return [busySignal, service, ...operands.map(({ signal }) => signal)];
  }

  /** Null where too little of it is seen. */
  #findLoad(carried: CarriedLoad, seen: LoadSight): number | null {
    const { load } = this.#policy;
    if (load !== undefined) return readChosen(load, carried, seen);
    const requests = scaleUp(requestsSignal, carried, seen);
    const source = seen.sight.sources.value(demandSource, seen.now);
    const found = requests !== null ? 'requests' : source !== null ? 'source' : 'share';
    if (isWorse(found, this.#kind)) return null;
    if (found !== this.#kind) this.#begin(found);
    return requests ?? source ?? seen.mean * seen.instances;
  }
}

/** A block as the history keeps it. */
export interface PastBlock {
  readonly demand: number;
  readonly capacityPerInstance: number;
  readonly instances: number;
}

/** Samples that stand for a block of the history: as few as a block needs. */
const reliveSamples = 5;

interface LoadSight {
  readonly sight: DemandSight;
  readonly instances: number;
  readonly mean: number;
  readonly now: EpochMs;
}

function listLoad(load: SignalSelector): readonly SignalSelector[] {
  return load.expression === undefined ? [load] : listOperands(load.expression);
}

function readChosen(load: SignalSelector, carried: CarriedLoad, seen: LoadSight): number | null {
  const { sight, instances, now } = seen;
  const signals: Record<string, SignalReading> = {};
  for (const { key, signal, statistic } of listLoad(load)) {
    const fromSource = sight.sources.value(signal, now);
    const ofAll = fromSource !== null && statistic === 'mean' ? fromSource * instances : fromSource;
    const value = ofAll ?? scaleUp(signal, carried, seen);
    if (value === null) return null;
    signals[key] = { value, at: now, instances };
  }
  if (load.expression === undefined) return signals[load.key]?.value ?? null;
  const value = evaluate(load.signal, load.expression, { signals, warmed: instances });
  return typeof value === 'number' ? Math.max(0, value) : null;
}

/** The sum over those heard from, taken for all that serve; null where too few are. */
function scaleUp(signal: string, carried: CarriedLoad, { sight }: LoadSight): number | null {
  const total = carried.sums.get(signal);
  if (total === undefined || total.count === 0) return null;
  if (total.count < sight.minReportingRatio * carried.serving) return null;
  return Math.max(0, total.sum) * (carried.serving / total.count);
}
