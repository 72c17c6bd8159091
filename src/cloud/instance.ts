// One EC2 instance as its Auto Scaling group sees it: the lifecycle states and the legal moves.
// What happens at each move is in launch.ts, terminate.ts, standby.ts and warm-pool.ts.

import type { LaunchSource } from './launch-source.ts';
import type { EpochMs } from './time.ts';

/*
 *                 ┌──────────── exit standby ◄──── Standby ◄── EnteringStandby ◄─┐
 *                 ▼                                                              │
 *   ─launch─► Pending ──► Pending:Wait ──► Pending:Proceed ──► InService ────────┤
 *                 │            │ abandon        (Pending goes straight    │      ├─► Detaching ─► Detached
 *   Warmed:X ─────┘            ▼                 to InService without     ▼      └─► Warmed:Pending (reuse)
 *                         Terminating ◄────────── a hook) ────────── Terminating
 *                              │
 *                              ├──► Terminating:Wait ──► Terminating:Proceed ──► Terminated
 *                              └────────────────── without a hook ─────────────► Terminated
 *
 *   ─launch─► Warmed:Pending ──► Warmed:Pending:Wait ──► Warmed:Pending:Proceed ──► Warmed:Stopped,
 *             Warmed:Running or Warmed:Hibernated ──► Pending, or Warmed:Terminating and its like
 */
const LEGAL_MOVES = {
  Pending: ['Pending:Wait', 'InService', 'Terminating'],
  'Pending:Wait': ['Pending:Proceed', 'Terminating'],
  'Pending:Proceed': ['InService', 'Terminating'],
  InService: ['EnteringStandby', 'Detaching', 'Terminating', 'Warmed:Pending'],
  EnteringStandby: ['Standby', 'Terminating'],
  Standby: ['Pending', 'Detaching', 'Terminating'],
  Detaching: ['Detached', 'Terminating'],
  Detached: ['Pending', 'Terminated'],
  Terminating: ['Terminating:Wait', 'Terminated'],
  'Terminating:Wait': ['Terminating:Proceed'],
  'Terminating:Proceed': ['Terminated'],
  Terminated: [],
  'Warmed:Pending': [
    'Warmed:Pending:Wait',
    'Warmed:Stopped',
    'Warmed:Running',
    'Warmed:Hibernated',
    'Warmed:Terminating',
  ],
  'Warmed:Pending:Wait': ['Warmed:Pending:Proceed', 'Warmed:Terminating'],
  'Warmed:Pending:Proceed': [
    'Warmed:Stopped',
    'Warmed:Running',
    'Warmed:Hibernated',
    'Warmed:Terminating',
  ],
  'Warmed:Stopped': ['Pending', 'Warmed:Terminating'],
  'Warmed:Running': ['Pending', 'Warmed:Terminating'],
  'Warmed:Hibernated': ['Pending', 'Warmed:Terminating'],
  'Warmed:Terminating': ['Warmed:Terminating:Wait', 'Warmed:Terminated'],
  'Warmed:Terminating:Wait': ['Warmed:Terminating:Proceed'],
  'Warmed:Terminating:Proceed': ['Warmed:Terminated'],
  'Warmed:Terminated': [],
} as const;

export type LifecycleState = keyof typeof LEGAL_MOVES;

/** The state of the machine itself, as EC2 tells it. */
export type MachineState =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'shutting-down'
  | 'terminated';

/** A lifecycle action that waits for its completion. */
export interface LifecycleAction {
  readonly hookName: string;
  readonly token: string;
  readonly startedAt: EpochMs;
  /** When it times out; heartbeats move it. */
  deadlineAt: EpochMs;
}

/** What the Spot market has said about an instance; both stay `undefined` On-Demand. */
export interface SpotState {
  readonly recommendedAt: EpochMs | undefined;
  /** When the machine goes, two minutes after the notice. */
  readonly interruptedAt: EpochMs | undefined;
}

export interface Instance {
  readonly id: string;
  /** The group, also after the end; `undefined` once detached. */
  groupName: string | undefined;
  /** Counts the launches of the group, from 1; names the random stream of this launch. */
  readonly launchNumber: number;
  lifecycle: LifecycleState;
  machine: MachineState;
  readonly zone: string;
  readonly source: LaunchSource;
  spot: SpotState;
  /** Grows with every move: what was scheduled for an earlier stage no longer happens. */
  stage: number;
  isHealthy: boolean;
  isProtected: boolean;
  cameFromWarmPool: boolean;
  hasBeenInService: boolean;
  /** EC2's launch time: the latest start was asked for then. */
  requestedAt: EpochMs;
  runningAt: EpochMs | undefined;
  /** When the program on it is (or will be) useful; known to the model from the start. */
  readyAt: EpochMs;
  inServiceAt: EpochMs | undefined;
  endedAt: EpochMs | undefined;
  /** Set while it costs money. */
  billedSince: EpochMs | undefined;
  /** The activity that is bringing it up or down. */
  activityId: string | undefined;
  /** What it waits for, by name of hook; empty unless its state is a `:Wait`. */
  actions: LifecycleAction[];
  readonly privateIp: string;
  readonly tags: Record<string, string>;
}

/** Returns whether the state machine allows the move. */
export function isLegalMove(from: LifecycleState, to: LifecycleState): boolean {
  const allowed: readonly LifecycleState[] = LEGAL_MOVES[from];
  return allowed.includes(to);
}

/** Moves the instance on. An illegal move is a bug of the model, so it throws. */
export function moveTo(instance: Instance, to: LifecycleState): void {
  if (!isLegalMove(instance.lifecycle, to)) {
    throw new Error(`illegal move of ${instance.id} from ${instance.lifecycle} to ${to}`);
  }
  instance.lifecycle = to;
  instance.stage += 1;
}

/** Whether the instance is what desired capacity asks for: on its way into service or in it. */
export function countsTowardsDesired(instance: Instance): boolean {
  switch (instance.lifecycle) {
    case 'Pending':
    case 'Pending:Wait':
    case 'Pending:Proceed':
    case 'InService':
      return true;
    default:
      return false;
  }
}

/** Whether the machine under it has been turned off for good. */
export function isMachineGone(instance: Instance): boolean {
  return instance.machine === 'shutting-down' || instance.machine === 'terminated';
}

export function isWarm(instance: Instance): boolean {
  return instance.lifecycle.startsWith('Warmed:');
}

/** Whether it is in the warm pool, ready or on its way there. */
export function countsTowardsWarmPool(instance: Instance): boolean {
  return isWarm(instance) && !instance.lifecycle.startsWith('Warmed:Terminat');
}

export function isEnding(instance: Instance): boolean {
  return instance.lifecycle.includes('Terminat');
}
