// The group that a request is about.

import type { GroupStatus, ReadModel } from '../controller/ports/control.ts';
import { findNearest } from './nearest.ts';
import { refuse, type Found, type Problem } from './problem.ts';
import { show } from './read-input.ts';

export function findStatus(read: ReadModel, name: string): Found<GroupStatus> {
  const groups = read.groups();
  const status = groups.find((group) => group.name === name);
  return status === undefined ? refuse(describeUnknownGroup(groups, name)) : found(status);
}

/** The named group, or the first of the config. */
export function findStatusOrFirst(read: ReadModel, name: string | undefined): Found<GroupStatus> {
  if (name !== undefined) return findStatus(read, name);
  const [first] = read.groups();
  if (first !== undefined) return found(first);
  return refuse({ status: 404, code: 'unknown-group', detail: 'the controller has no group' });
}

export function describeUnknownGroup(groups: readonly GroupStatus[], name: string): Problem {
  const known = groups.map((group) => group.name);
  const nearest = findNearest(name, known);
  const meant = nearest === null ? '' : `; did you mean ${nearest}?`;
  const detail = `there is no group ${show(name)}${meant} (known: ${known.join(', ') || 'none'})`;
  return { status: 404, code: 'unknown-group', detail };
}

function found(value: GroupStatus): Found<GroupStatus> {
  return { ok: true, value };
}
