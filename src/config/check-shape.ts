// Compares a value with the schema of the file: says what is wrong with each part, and hands on all
// the other parts, so that their meaning is checked as well and one run names every mistake.

import type { z } from 'zod';

import { isRecord } from '../wire/report.ts';
import { showValue, type Path, type Problem, type Report } from './config-error.ts';
import { fileSchema, partialFileSchema, type WrittenFile } from './file-schema.ts';
import { findNearest } from './nearest.ts';

type Issue = z.core.$ZodIssue;

interface Finding {
  readonly problem: Problem;
  /** The part that cannot be used. Also an unknown key, which nothing is lost with. */
  readonly unusable: Path;
}

export interface CheckedShape {
  /**
   * The file without what is not as the schema says: such a part is undefined (its key stays), an
   * entry of a list is an empty mapping, an unknown key is gone.
   */
  readonly written: WrittenFile;
  /** Whether this part, or one that it is in, was left out: more about it helps nobody. */
  isLeftOut(path: Path): boolean;
}

/** Reports every part that is not as the schema says. */
export function checkShape(value: unknown, report: Report): CheckedShape {
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return { written: parsed.data, isLeftOut: () => false };
  const findings = parsed.error.issues.flatMap((issue) => readIssue(issue, value, []));
  for (const { problem } of findings) report(problem);
  const cuts = collectCuts(findings);
  return {
    written: partialFileSchema.parse(leaveOut(value, cuts) ?? {}),
    isLeftOut: (path) => isCut(path, cuts),
  };
}

/** `base` is the path of the value that the issue's own path begins at. */
function readIssue(issue: Issue, file: unknown, base: Path): readonly Finding[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === 'symbol' ? '' : step))];
  const value = valueAt(file, path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => describeUnknownKey([...path, key], key, issue.message));
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((errors) => !errors.some(isOfAnotherKind));
    // One value or a mapping of values: within a mapping the very place can be named.
    if (isRecord(value) && branch !== undefined) {
      return branch.flatMap((inner) => readIssue(inner, file, path));
    }
  }
  const isOfWords = issue.code === 'invalid_value' || isUnknownType(issue);
  const hint = isOfWords && typeof value === 'string' ? describeNearest(value, issue.message) : '';
  const problem = { path, found: `${showValue(value, path)}${hint}`, allowed: issue.message };
  return [{ problem, unusable: isUnknownType(issue) ? path.slice(0, -1) : path }];
}

/** Without its type, a policy is not checked any further: nothing in it can be used. */
function isUnknownType(issue: Issue): boolean {
  return issue.code === 'invalid_union' && issue.errors.length === 0;
}

/** `text` where a mapping stands: not the branch of a union that was meant. */
function isOfAnotherKind(issue: Issue): boolean {
  const isRoot = issue.path.length === 0;
  return isRoot && (issue.code === 'invalid_type' || issue.code === 'invalid_union');
}

function describeUnknownKey(path: Path, key: string, knownKeys: string): Finding {
  const found = `an unknown key${describeNearest(key, knownKeys)}`;
  return { problem: { path, isAboutKey: true, found, allowed: knownKeys }, unusable: path };
}

/** `words`: separated by commas, as the schema's errors list them. */
function describeNearest(word: string, words: string): string {
  const nearest = findNearest(word, words.split(', '));
  return nearest === null ? '' : `, nearest to ${nearest}`;
}

function valueAt(file: unknown, path: Path): unknown {
  let value = file;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** Paths as a tree. A leaf is unusable as a whole. */
interface Cuts {
  isUnusable: boolean;
  isUnknownKey: boolean;
  readonly below: Map<string | number, Cuts>;
}

function createCuts(): Cuts {
  return { isUnusable: false, isUnknownKey: false, below: new Map() };
}

function collectCuts(findings: readonly Finding[]): Cuts {
  const root = createCuts();
  for (const { unusable, problem } of findings) {
    let node = root;
    for (const step of unusable) {
      const next = node.below.get(step) ?? createCuts();
      node.below.set(step, next);
      node = next;
    }
    node.isUnusable = true;
    node.isUnknownKey = problem.isAboutKey ?? false;
  }
  return root;
}

function isCut(path: Path, cuts: Cuts): boolean {
  let node: Cuts | undefined = cuts;
  for (const step of path) {
    if (node === undefined || node.isUnusable) break;
    node = node.below.get(step);
  }
  return node?.isUnusable ?? false;
}

/** A copy without what is cut. Ends, for nothing deeper than the schema is left uncut. */
function leaveOut(value: unknown, cuts: Cuts | undefined): unknown {
  if (cuts === undefined) return value;
  if (cuts.isUnusable) return undefined;
  if (Array.isArray(value)) {
    return value.map((item, index) => leaveOut(item, cuts.below.get(index)) ?? {});
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => cuts.below.get(key)?.isUnknownKey !== true)
      .map(([key, part]) => [key, leaveOut(part, cuts.below.get(key))]),
  );
}
