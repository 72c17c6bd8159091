// What a stack is: its template, its resources, what it is doing and what has happened to it.
//
//   CREATE_IN_PROGRESS ── CREATE_COMPLETE
//     └ ROLLBACK_IN_PROGRESS ── ROLLBACK_COMPLETE | ROLLBACK_FAILED        (or CREATE_FAILED)
//   UPDATE_IN_PROGRESS ── UPDATE_COMPLETE_CLEANUP_IN_PROGRESS ── UPDATE_COMPLETE
//     └ UPDATE_ROLLBACK_IN_PROGRESS ── UPDATE_ROLLBACK_FAILED
//         └ UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS ── UPDATE_ROLLBACK_COMPLETE
//   DELETE_IN_PROGRESS ── DELETE_COMPLETE | DELETE_FAILED

import type { EpochMs } from '../time.ts';
import type { PropertyDifference } from './find-drift.ts';
import type { Json, JsonRecord } from './json.ts';
import type { ParameterValue } from './parameters.ts';
import type { DeletionPolicy } from './template.ts';

export type StackStatus =
  | 'REVIEW_IN_PROGRESS'
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_COMPLETE'
  | 'CREATE_FAILED'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_COMPLETE'
  | 'ROLLBACK_FAILED'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_COMPLETE'
  | 'DELETE_FAILED';

export type StepAction = 'create' | 'update' | 'delete';
export type ActionWord = 'CREATE' | 'UPDATE' | 'DELETE';
export type ResourceStatus =
  | `${ActionWord}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'DELETE_SKIPPED';

export interface StackResource {
  /** Its key in the stack; the logical id itself while the resource is a current one. */
  key: string;
  readonly logicalId: string;
  readonly type: string;
  physicalId: string | undefined;
  status: ResourceStatus;
  statusReason: string | undefined;
  updatedAt: EpochMs;
  /** As they were last worked out. */
  properties: JsonRecord;
  attributes: JsonRecord;
  /** Logical ids. */
  dependsOn: readonly string[];
  deletionPolicy: DeletionPolicy;
  replacePolicy: DeletionPolicy;
  /** During an update: what it was before, or that it was not. */
  before:
    | { readonly properties: JsonRecord }
    | { readonly replacedKey: string | undefined }
    | undefined;
}

/** One thing to do to one resource; `after` are keys of this operation's other steps. */
export interface Step {
  readonly key: string;
  readonly action: StepAction;
  readonly after: readonly string[];
  /** `waiting`: for others; `begun`: about to be called; `called`: until it has settled. */
  state: 'waiting' | 'begun' | 'called' | 'done' | 'failed' | 'cancelled';
  dueAt: EpochMs;
  calledAt: EpochMs;
  /** An update turned out to need a new resource in place of the old one. */
  isReplacement: boolean;
}

export interface StackEvent {
  readonly id: string;
  readonly at: EpochMs;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: string;
  readonly reason: string | undefined;
  readonly properties: string | undefined;
}

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

/** What a stack is asked to be. */
export interface Blueprint {
  /** As it was sent, for GetTemplate. */
  readonly body: string;
  readonly source: Json;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly tags: ReadonlyMap<string, string>;
  readonly capabilities: readonly string[];
}

export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

export interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly kind: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly createdAt: EpochMs;
  readonly blueprint: Blueprint;
  readonly changes: readonly Change[];
  readonly onFailure: OnFailure;
  status: 'CREATE_COMPLETE' | 'FAILED';
  statusReason: string | undefined;
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE';
}

export interface Change {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly logicalId: string;
  readonly physicalId: string | undefined;
  readonly type: string;
  readonly replacement: 'True' | 'False' | undefined;
  /** The names of the properties that differ. */
  readonly properties: readonly string[];
}

/** A resource as it was when drift was looked for. */
export interface ResourceDrift {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly at: EpochMs;
  readonly status: 'IN_SYNC' | 'MODIFIED' | 'DELETED';
  readonly expected: JsonRecord;
  /** Undefined for one that is gone. */
  readonly actual: JsonRecord | undefined;
  readonly differences: readonly PropertyDifference[];
}

export interface DriftDetection {
  readonly id: string;
  /** From then on it is told. */
  readonly completesAt: EpochMs;
  readonly drifts: readonly ResourceDrift[];
}

export interface Stack {
  readonly id: string;
  readonly name: string;
  status: StackStatus;
  statusReason: string | undefined;
  readonly createdAt: EpochMs;
  updatedAt: EpochMs | undefined;
  deletedAt: EpochMs | undefined;
  blueprint: Blueprint;
  /** What an update goes back to if it fails. */
  previous: Blueprint | undefined;
  outputs: readonly StackOutput[];
  onFailure: OnFailure;
  isProtected: boolean;
  /** By key: current ones by their logical ids, replaced and removed ones by keys of their own. */
  readonly resources: Map<string, StackResource>;
  /** Logical ids that a deletion or a rollback leaves alone. */
  skipped: readonly string[];
  steps: readonly Step[];
  /** When a new operation starts by itself; `undefined` once it has. */
  wakeAt: EpochMs | undefined;
  /** The oldest first. */
  readonly events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
  /** The last one; what it found is that of its time. */
  detection: DriftDetection | undefined;
  /** Numbers its events and the keys of what was replaced. */
  nextNumber: number;
}

export function isCurrent(resource: StackResource): boolean {
  return resource.key === resource.logicalId;
}

export function isInProgress(stack: Stack): boolean {
  return stack.status.endsWith('_IN_PROGRESS') && stack.status !== 'REVIEW_IN_PROGRESS';
}
