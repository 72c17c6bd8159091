// Looks through a parsed YAML document once, before anything is made of it: duplicate keys, aliases
// that lead nowhere or multiply, nesting without end. Remembers where keys and aliases lead.

import { isAlias, isMap, isScalar, isSeq, type Alias, type Document, type YAMLMap } from 'yaml';

import { quote } from './config-error.ts';

export const nestingMax = 32;
/** Nodes when every alias is replaced by what it stands for. */
export const expandedNodesMax = 1_000_000;

/** A problem at an offset in the text. */
export interface PlacedProblem {
  readonly offset: number;
  readonly found: string;
  readonly allowed: string;
}

type Mapping = YAMLMap<unknown, unknown>;
export interface Entry {
  readonly key: unknown;
  readonly value: unknown;
}

export interface Inspection {
  readonly problems: readonly PlacedProblem[];
  /** The entries of each mapping by their key. */
  readonly entries: ReadonlyMap<Mapping, ReadonlyMap<string, Entry>>;
  /** The node that each alias stands for. */
  readonly targets: ReadonlyMap<Alias, unknown>;
}

/** What an anchor stands for; its size is null as long as the anchor's own node is not done. */
interface Anchored {
  readonly node: unknown;
  readonly size: number | null;
}

interface Progress {
  readonly problems: PlacedProblem[];
  readonly entries: Map<Mapping, ReadonlyMap<string, Entry>>;
  readonly targets: Map<Alias, unknown>;
  readonly anchors: Map<string, Anchored>;
}

export function inspectYaml(document: Document): Inspection {
  const progress: Progress = {
    problems: [],
    entries: new Map(),
    targets: new Map(),
    anchors: new Map(),
  };
  inspectNode(document.contents, 0, progress);
  return progress;
}

/** Where a node begins in the text. 0 for one that is not in it. */
export function offsetOf(node: unknown): number {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return 0;
  return node.range?.[0] ?? 0;
}

/** The node's size when expanded, at least 1. */
function inspectNode(node: unknown, depth: number, progress: Progress): number {
  if (isAlias(node)) return inspectAlias(node, progress);
  if (!isMap(node) && !isSeq(node)) {
    if (isScalar(node)) remember(node.anchor, { node, size: 1 }, progress);
    return 1;
  }
  if (depth >= nestingMax) {
    const found = 'lists and mappings nested too deeply';
    report(progress, node, found, `at most ${nestingMax} levels`);
    return 1;
  }
  remember(node.anchor, { node, size: null }, progress);
  const children = isMap(node) ? inspectKeys(node, progress) : node.items;
  let size = 1;
  for (const child of children) size += inspectNode(child, depth + 1, progress);
  if (size > expandedNodesMax) {
    const allowed = `at most ${expandedNodesMax} values when aliases are replaced`;
    report(progress, node, 'aliases of aliases', allowed);
    // Said once: whatever contains this is not blamed as well.
    size = 1;
  }
  remember(node.anchor, { node, size }, progress);
  return size;
}

function inspectAlias(alias: Alias, progress: Progress): number {
  const anchored = progress.anchors.get(alias.source);
  const found = `the alias ${quote(`*${alias.source}`)}`;
  if (anchored === undefined) {
    report(progress, alias, found, 'an alias of an anchor (&name) that stands before it');
    return 1;
  }
  if (anchored.size === null) {
    report(progress, alias, `${found} inside of what it stands for`, 'an alias that ends');
    return 1;
  }
  progress.targets.set(alias, anchored.node);
  return anchored.size;
}

/** The values of a mapping, after its keys have been looked at. */
function inspectKeys(mapping: Mapping, progress: Progress): readonly unknown[] {
  const entries = new Map<string, Entry>();
  for (const { key, value } of mapping.items) {
    if (!isScalar(key)) {
      report(progress, key, 'a key that is not text', 'plain text as a key');
      continue;
    }
    const name = String(key.value);
    if (entries.has(name)) {
      report(progress, key, `the key ${quote(name)} again`, 'each key once in a mapping');
    }
    entries.set(name, { key, value });
  }
  progress.entries.set(mapping, entries);
  return mapping.items.map(({ value }) => value);
}

function remember(anchor: string | undefined, anchored: Anchored, progress: Progress): void {
  if (anchor !== undefined) progress.anchors.set(anchor, anchored);
}

function report(progress: Progress, node: unknown, found: string, allowed: string): void {
  progress.problems.push({ offset: offsetOf(node), found, allowed });
}
