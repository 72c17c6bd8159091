// What the backlog policy is shown of a queue and its workers: a few numbers, so that a journal keeps
// them and a replay decides the same. Made by the model; judged by the policy.

import type { EpochMs } from '../time.ts';
import type { DurationReading } from './duration-model.ts';

/** Messages that came at about the same time and wait. */
export interface WaitingMessages {
  /** Since they were sent, as far as the counts tell. ≥ 0. */
  readonly ageMs: number;
  /** > 0; with weights not always whole. */
  readonly messages: number;
}

/** What was visible at the end of a minute, and the instances in service that shared it. */
export interface MinuteCount {
  readonly visible: number;
  readonly inService: number;
}

/** Instances on their way. */
export interface LaunchingInstances {
  /** Until they are expected to take messages. ≥ 0. */
  readonly readyInMs: number;
  /** Whole, ≥ 1. */
  readonly instances: number;
}

export interface QueueReading {
  /** When the queue was last counted. */
  readonly at: EpochMs;
  readonly visible: number;
  readonly inFlight: number;
  /** The visible ones, the oldest first: `waitingMax` entries at most. */
  readonly waiting: readonly WaitingMessages[];
  /** Sent, and not counted yet: while the counts of a sudden rise are settling. */
  readonly settling?: WaitingMessages;
  /** Steady arrivals, bursts left out. ≥ 0. */
  readonly arrivalsPerSecond: number;
  /** By how much that changes, per second. */
  readonly trendPerSecond: number;
  readonly durations: DurationReading;
  readonly inService: number;
  readonly launching: readonly LaunchingInstances[];
  /** Learned: within this most launches come to take messages. */
  readonly leadMs: number;
  /** The counts at the end of each of the last minutes, the newest last: `minutesMax` at most. */
  readonly minutes: readonly MinuteCount[];
  /** Set aside by the queue's redrive policy, where that queue is watched. */
  readonly dead?: number;
  /** Of a FIFO queue, where known: only so many messages can be worked on at once. */
  readonly messageGroups?: number;
}

export const waitingMax = 24;
/** As AWS's low alarm looks back. */
export const minutesMax = 15;
