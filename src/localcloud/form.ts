// AWS Query's form encoding: `Tags.member.1.Key=a` read into nested records and lists. Whatever
// the sender writes ends in records without a prototype, within named bounds.

import type { Outcome } from '../cloud/fault.ts';
import { refuse, succeed } from '../cloud/fault.ts';

/** A leaf is a text; numbers and truth values are read where a shape asks for them. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };

/** More parameters than any real call has. */
const PARAMETERS_MAX = 10_000;

/** Deeper than any input of AWS's models. */
const DEPTH_MAX = 12;

/** Returns the parameters as nested values. */
export function readForm(text: string): Outcome<Readonly<Record<string, FormValue>>> {
  const root = newRecord();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > PARAMETERS_MAX) {
      return refuse('MalformedInput', `Too many parameters: at most ${PARAMETERS_MAX} are read`);
    }
    if (!put(root, name.split('.'), value)) {
      return refuse('MalformedInput', 'Start of structure or map found where not expected.');
    }
  }
  return succeed(collapseMembers(root));
}

interface Branch {
  [name: string]: Branch | string;
}

function newRecord(): Branch {
  // Not an object literal: `__proto__` must be a name like any other.
  const record: Branch = Object.create(null);
  return record;
}

function put(root: Branch, path: readonly string[], value: string): boolean {
  if (path.length > DEPTH_MAX) return false;
  let branch = root;
  for (const name of path.slice(0, -1)) {
    const next = (branch[name] ??= newRecord());
    if (typeof next === 'string') return false;
    branch = next;
  }
  const leaf = path.at(-1) ?? '';
  if (typeof branch[leaf] === 'object') return false;
  branch[leaf] = value;
  return true;
}

function collapseMembers(branch: Branch): { [name: string]: FormValue } {
  const record: { [name: string]: FormValue } = Object.create(null);
  for (const [name, value] of Object.entries(branch)) record[name] = collapse(value);
  return record;
}

/** Numbered children are a list, in the order of their numbers; `member` only wraps one. */
function collapse(value: Branch | string): FormValue {
  if (typeof value === 'string') return value;
  const names = Object.keys(value);
  const only = names.length === 1 ? names[0] : undefined;
  const wrapped = only === 'member' ? value['member'] : undefined;
  if (typeof wrapped === 'object' && isNumbered(wrapped)) return listOf(wrapped);
  return isNumbered(value) ? listOf(value) : collapseMembers(value);
}

function isNumbered(branch: Branch): boolean {
  return Object.keys(branch).every((name) => /^\d{1,9}$/u.test(name));
}

function listOf(branch: Branch): FormValue[] {
  return Object.entries(branch)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => collapse(value));
}
