// What a group's demand policy learns from: once a second the load that all instances carry together,
// how busy they are, and how long launches take. Owns the model; decides nothing, does no I/O.
//
//   share (cpu alone) ──▶ source `demand` ──▶ requestsPerSecond     (never back: the unit differs)
//
// Instances of different types count alike: an instance's capacity is the mean over the group.

import type { Capacity } from '../core/capacity.ts';
import { recallDemand, rememberDemand } from '../core/demand/demand-memory.ts';
import { createDemandModel, noteLaunch, noteSample } from '../core/demand/demand-model.ts';
import type { DemandModel } from '../core/demand/demand-model.ts';
import type { DemandReading } from '../core/demand/demand-reading.ts';
import { evaluate, listOperands } from '../core/expression.ts';
import type { DemandPolicy } from '../core/policies/policy.ts';
import type { SignalReading, SignalSelector } from '../core/signal.ts';
import type { EpochMs } from '../core/time.ts';
import type { CarriedLoad } from './carried-load.ts';
import type { Fleet } from './fleet.ts';
import { isWorse, kindOf, unitOf, type LoadKind } from './load-unit.ts';
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

  constructor(policy: DemandPolicy) {
    this.#policy = policy;
    this.#model = createDemandModel(policy);
    this.#kind = policy.load === undefined ? 'share' : 'chosen';
  }

  get reading(): DemandReading | null {
    return this.#model.reading;
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
  reconfigure(policy: DemandPolicy): void {
    const before = this.#policy;
    this.#policy = policy;
    if (policy.load?.key !== before.load?.key) {
      this.#begin(policy.load === undefined ? 'share' : 'chosen');
      return;
    }
    const isSame =
      policy.violationRatio === before.violationRatio &&
      policy.isForecasting === before.isForecasting;
    if (isSame) return;
    this.#model = recallDemand(rememberDemand(this.#model), policy) ?? createDemandModel(policy);
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
    noteSample(this.#model, { at, load: offered, busyRatio, instances });
  }

  /** Launches that AWS has accepted. */
  noteAsked(count: number, at: EpochMs): void {
    for (let each = 0; each < count && this.#askedAt.length < launchesMax; each += 1) {
      this.#askedAt.push(at);
    }
  }

  /** What was learned, with what it is of. */
  remember(): Uint8Array {
    const learned = rememberDemand(this.#model);
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
    const model = recallDemand(bytes.subarray(unitBytes), this.#policy);
    if (model === null) return false;
    this.#kind = kind;
    this.#model = model;
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
    for (let at = end - reliveSamples * sampleMs; at < end; at += sampleMs) {
      noteSample(this.#model, { at: at + sampleMs, load: demand, busyRatio, instances });
    }
    return true;
  }

  #begin(kind: LoadKind): void {
    const { lead } = this.#model;
    this.#kind = kind;
    this.#model = createDemandModel(this.#policy);
    // How long a launch takes is the same in every unit.
    this.#model.lead.samples.push(...lead.samples);
    this.#model.lead.leadMs = lead.leadMs;
  }

  #learnLaunches({ fleet, capacity }: DemandSight, now: EpochMs): void {
    const { seenAt, waiting } = fleet.takeArrivals();
    for (const at of seenAt) noteLaunch(this.#model, now - this.#findAsked(at));
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

  #listSummed(sources: SourceBoard, now: EpochMs): readonly string[] {
    const { load } = this.#policy;
    if (load === undefined) return [busySignal, requestsSignal];
    const operands = listLoad(load).filter(({ signal }) => sources.value(signal, now) === null);
    return [busySignal, ...operands.map(({ signal }) => signal)];
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
