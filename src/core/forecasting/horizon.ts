// One horizon that is asked for: a channel, and its forecasts that wait for their outcomes. It makes a
// forecast every few blocks and learns from it once the window has ended.

import type { BlockHistory } from './block-history.ts';
import type { CensoredBlocks } from './censored-blocks.ts';
import { channelLength, createChannel, type Channel, type Issue } from './channel.ts';
import { lastJoined, type StageTerms } from './fitted-stages.ts';
import { forecastLevels, type ForecastTarget } from './levels.ts';

/** Blocks between two forecasts that are learnt from. */
const strideMax = 30;
/** Forecasts of one horizon that wait. */
const pendingMax = 32;
/** Horizons are shared by leads and by spans within this factor. */
const latticeFactor = 1.5;

export interface HorizonKey {
  readonly kind: 'mean' | 'max';
  /** Blocks between the newest block and the window. */
  readonly lead: number;
  /** Blocks in the window. */
  readonly count: number;
}

export interface Horizon {
  readonly key: HorizonKey;
  readonly channel: Channel;
  /** The newest block at which it was asked for. */
  askedAt: number;
  /** Whether a forecast of it is to be kept at this block. */
  isDue(block: number): boolean;
  keep(target: ForecastTarget, issue: Issue): void;
  /** Learns from every window that ended at or before `block`. */
  settle(block: number, history: BlockHistory, censored: CensoredBlocks): void;
  snapshot(): HorizonSnapshot;
}

export interface HorizonSnapshot {
  readonly key: HorizonKey;
  readonly askedAt: number;
  readonly state: Float64Array;
  readonly pending: readonly {
    readonly target: ForecastTarget;
    readonly floor: number;
    readonly regime: 0 | 1;
    readonly joined: number;
    readonly values: Float64Array;
  }[];
}

interface Waiting {
  readonly target: ForecastTarget;
  readonly issue: Issue;
}

/** The shared horizon of a lead and a span: each rounded to a lattice, exact when small. */
export function roundKey(kind: 'mean' | 'max', lead: number, count: number): HorizonKey {
  return { kind, lead: roundToLattice(lead), count: roundToLattice(count) };
}

function roundToLattice(blocks: number): number {
  if (blocks < 4) return blocks;
  const rung = Math.round(Math.log(blocks / 4) / Math.log(latticeFactor));
  let value = 4;
  for (let index = 0; index < rung; index += 1) value *= latticeFactor;
  return Math.round(value);
}

export interface HorizonTerms {
  readonly experts: number;
  readonly stages: StageTerms;
  readonly phase: number;
}

export function createHorizon(
  key: HorizonKey,
  { experts, phase, stages }: HorizonTerms,
  from?: HorizonSnapshot | Horizon,
): Horizon {
  const state =
    from === undefined
      ? new Float64Array(channelLength(experts, stages.count))
      : 'channel' in from
        ? from.channel.state.slice()
        : from.state.slice();
  const total = key.lead + key.count;
  const stride = Math.max(
    1,
    Math.min(strideMax, Math.round(total / 6)),
    Math.ceil(total / (pendingMax - 2)),
  );
  const channel = createChannel(experts, state, Math.min(1, stride / total), stages);
  // Weights are inherited; what was gained elsewhere is not.
  if (from !== undefined && 'channel' in from) {
    for (let stage = 0; stage < stages.count; stage += 1) channel.fadeLosses(stage, 0);
  }
  let pending: Waiting[] =
    from === undefined || 'channel' in from ? [] : from.pending.map((one) => thaw(one, experts));
  return {
    key,
    channel,
    askedAt: from === undefined ? 0 : from.askedAt,
    isDue: (block) => (block + phase) % stride === 0 && pending.length < pendingMax,
    keep: (target, issue) => pending.push({ target, issue }),
    settle: (block, history, censored) => {
      const first = pending[0];
      if (first === undefined || lastOf(first.target) > block) return;
      for (const { target, issue } of pending) {
        if (lastOf(target) > block) break;
        const { value, isCensored } = censored.outcomeOf(target, history);
        if (value >= 0) channel.learn(issue, value, isCensored);
      }
      pending = pending.filter(({ target }) => lastOf(target) > block);
    },
    snapshot() {
      const frozen = pending.map(freeze);
      return { key, askedAt: this.askedAt, state: state.slice(), pending: frozen };
    },
  };
}

function lastOf({ from, count }: ForecastTarget): number {
  return from + count - 1;
}

function freeze({ target, issue }: Waiting): HorizonSnapshot['pending'][number] {
  const { centers, quantiles, own, mixes, floor, regime, joined } = issue;
  const parts = [centers, quantiles, own, mixes];
  const values = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return { target, floor, regime, joined, values };
}

function thaw(frozen: HorizonSnapshot['pending'][number], experts: number): Waiting {
  const { target, floor, regime, joined, values } = frozen;
  let at = 0;
  const take = (length: number): Float64Array => values.subarray(at, (at += length));
  const centers = take(experts);
  const quantiles = take(experts * forecastLevels.length);
  const own = take(forecastLevels.length);
  const mixes = values.subarray(at);
  const ensemble = lastJoined(own, { mixes, joined });
  // Its answer was given; only what is learnt from it matters now.
  const issue = { floor, regime, centers, quantiles, own, mixes, joined, ensemble };
  return { target, issue: { ...issue, answer: ensemble } };
}
