// Acting on a group for a person: in turn, on what that person has seen, and written down. The routes
// say who and what; the controller's command port does it.

import type { Commands, GroupStatus, ReadModel, WishOutcome } from '../controller/ports/control.ts';
import type { Mode } from '../core/group.ts';
import type { Override } from '../core/observation.ts';
import type { Person } from './access/person.ts';
import type { Audit, AuditEntry } from './audit.ts';
import { findStatus } from './find-group.ts';
import { versionOf } from './override-version.ts';
import { foretell, tellWish } from './foretell.ts';
import { describeRefusal, refuse, type Found } from './problem.ts';
import { tellTime } from './range.ts';

export type Wish =
  | { readonly kind: 'put'; readonly override: Override }
  | { readonly kind: 'end' }
  | { readonly kind: 'mode'; readonly mode: Mode; readonly why: string };

export interface SteeringRequest {
  readonly group: string;
  readonly wish: Wish;
  /** In whose name it is done. */
  readonly by: string;
  readonly via: Person['via'];
  readonly from: string | null;
  /** The version of the group's overrides that the person has seen; null does not ask. */
  readonly seen: string | null;
}

export interface Steered {
  readonly overridesVersion: string;
}

export interface Foretold {
  /** What would happen, in a sentence. */
  readonly says: string;
  /** Null if it would be done; else why not. */
  readonly refusal: string | null;
}

export interface Steering {
  act(request: SteeringRequest): Promise<Found<Steered>>;
  /** Changes nothing. */
  preview(request: Pick<SteeringRequest, 'group' | 'wish' | 'seen'>): Found<Foretold>;
}

export interface SteeringOptions {
  readonly read: ReadModel;
  readonly commands: Commands;
  readonly audit: Audit;
}

/** Those that may wait for one another on one group. */
const waitingMax = 16;

export function createSteering({ audit, commands, read }: SteeringOptions): Steering {
  /** The last act of each group: the next one waits for it, so that two cannot both be the first. */
  const turns = new Map<string, { readonly done: Promise<unknown>; readonly waiting: number }>();

  const act = async (request: SteeringRequest): Promise<Found<Steered>> => {
    const { by, from, group, via, wish } = request;
    const noted = { who: by, via, from, action: actionOf(wish), group, what: tellWish(wish) };
    const refusal = checkSeen(request, { read, audit });
    if (!refusal.ok) {
      audit.note({ ...noted, outcome: 'refused', because: refusal.problem.detail });
      return refusal;
    }
    const outcome = await carryOut(commands, request);
    if (outcome.kind === 'refused') {
      audit.note({ ...noted, outcome: 'refused', because: outcome.message });
      return refuse(describeRefusal(outcome.code, outcome.message));
    }
    audit.note({ ...noted, outcome: 'done' });
    const status = findStatus(read, group);
    return status.ok
      ? { ok: true, value: { overridesVersion: versionOf(status.value) } }
      : refuse(status.problem);
  };

  return {
    act: (request) => {
      const { group } = request;
      const before = turns.get(group) ?? { done: Promise.resolve(), waiting: 0 };
      if (before.waiting >= waitingMax) {
        const detail = `${waitingMax} changes of ${group} wait for one another; try again`;
        return Promise.resolve(refuse({ status: 503, code: 'store', detail }));
      }
      const done = before.done.then(() => act(request));
      const settled = done.catch(() => null).then(() => leave(turns, group));
      turns.set(group, { done: settled, waiting: before.waiting + 1 });
      return done;
    },
    preview: ({ group, seen, wish }) => {
      const status = findStatus(read, group);
      if (!status.ok) return status;
      const refusal = checkSeen({ group, seen }, { read, audit });
      if (!refusal.ok) return refusal;
      const outcome = tryOut(commands, status.value, wish);
      const says = foretell(status.value, wish, read.now());
      return {
        ok: true,
        value: { says, refusal: outcome.kind === 'refused' ? outcome.message : null },
      };
    },
  };
}

function leave(
  turns: Map<string, { readonly done: Promise<unknown>; readonly waiting: number }>,
  group: string,
): void {
  const turn = turns.get(group);
  if (turn === undefined) return;
  if (turn.waiting <= 1) turns.delete(group);
  else turns.set(group, { ...turn, waiting: turn.waiting - 1 });
}

function carryOut(
  commands: Commands,
  { by, group, wish }: Pick<SteeringRequest, 'by' | 'group' | 'wish'>,
): Promise<WishOutcome> {
  switch (wish.kind) {
    case 'put':
      return commands.put(group, wish.override);
    case 'end':
      return commands.end(group, by);
    case 'mode':
      return commands.changeMode(group, { mode: wish.mode, by, why: wish.why });
  }
}

function tryOut(commands: Commands, status: GroupStatus, wish: Wish): WishOutcome {
  if (wish.kind === 'put') return commands.check(status.name, wish.override);
  if (wish.kind === 'mode' || status.overrides.length > 0) return { kind: 'granted' };
  const message = `${status.name} is neither paused nor set nor held: its policies decide already`;
  return { kind: 'refused', code: 'nothing-to-end', message };
}

function actionOf(wish: Wish): string {
  switch (wish.kind) {
    case 'put':
      return wish.override.kind;
    case 'end':
      return 'resume';
    case 'mode':
      return 'mode';
  }
}

/** Whether the group is still as the person saw it; if not, who changed what and when. */
function checkSeen(
  { group, seen }: Pick<SteeringRequest, 'group' | 'seen'>,
  { audit, read }: { readonly audit: Audit; readonly read: ReadModel },
): Found<null> {
  const status = findStatus(read, group);
  if (!status.ok) return status;
  if (seen === null || seen === versionOf(status.value)) return { ok: true, value: null };
  const last = findLastChange(audit, group);
  const told =
    last === null
      ? 'an override ended, or the config changed'
      : `${last.who ?? 'somebody'} did this at ${tellTime(last.at)}: ${last.what ?? last.action}`;
  const detail = `${group} is not as you saw it: ${told}. Look again, then ask again`;
  return refuse({ status: 409, code: 'changed-since', detail });
}

const lookedThrough = 200;

function findLastChange(audit: Audit, group: string): AuditEntry | null {
  return (
    audit.list(lookedThrough).find((entry) => entry.group === group && entry.outcome === 'done') ??
    null
  );
}
