// Reads YAML text into a plain value, and knows afterwards where in the text each part of it stands.
// Owns no meaning.

import {
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from 'yaml';

import { formatPath, type ConfigError, type Path, type Problem } from './config-error.ts';
import { inspectYaml, offsetOf, type Inspection, type PlacedProblem } from './yaml-inspection.ts';

/** 1 Mi of UTF-16 units. At this size parsing takes a few seconds at worst. */
export const textLengthMax = 1_048_576;
/** A broken file has one cause and a long tail of consequences; these are enough to see it. */
const textErrorsMax = 10;

export interface YamlSource {
  readonly value: unknown;
  /** The problem at its place in the text; something missing is placed at what lacks it. */
  locate(problem: Problem): ConfigError;
}

export type YamlOutcome =
  | { readonly ok: true; readonly source: YamlSource }
  | { readonly ok: false; readonly errors: readonly ConfigError[] };

export function readYaml(text: string, file: string): YamlOutcome {
  const lines = new LineCounter();
  const place = (problem: PlacedProblem, path: Path = []): ConfigError => {
    const { line, col } = lines.linePos(problem.offset);
    const { found, allowed } = problem;
    // An offset of 0 in an empty text is on no line yet.
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: formatPath(path),
      found,
      allowed,
    };
  };
  const fail = (problems: readonly PlacedProblem[]): YamlOutcome => ({
    ok: false,
    errors: problems
      .toSorted((one, other) => one.offset - other.offset)
      .slice(0, textErrorsMax)
      .map((problem) => place(problem)),
  });

  if (text.length > textLengthMax) {
    const found = `${text.length} characters`;
    return fail([{ offset: 0, found, allowed: `at most ${textLengthMax}` }]);
  }
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
    // It compares every key with every other; the inspection takes each once.
    uniqueKeys: false,
    // `!!binary` and its like would bring in values that are not plain.
    resolveKnownTags: false,
  });
  const syntaxErrors = [...document.errors, ...document.warnings];
  if (syntaxErrors.length > 0) {
    return fail(syntaxErrors.map(describeSyntaxError));
  }
  const inspection = inspectYaml(document);
  if (inspection.problems.length > 0) return fail(inspection.problems);
  // The inspection has bounded what aliases come to, by size instead of by their number.
  const value: unknown = document.toJS({ maxAliasCount: -1 });
  const locate = (problem: Problem): ConfigError => {
    const offset = findOffset(document, inspection, problem);
    const { found, allowed, excerpt, path } = problem;
    const error = place({ offset, found, allowed }, path);
    return excerpt === undefined ? error : { ...error, excerpt };
  };
  return { ok: true, source: { value, locate } };
}

function describeSyntaxError({ code, message, pos }: YAMLError): PlacedProblem {
  const [offset] = pos;
  switch (code) {
    case 'TAB_AS_INDENT':
      return { offset, found: 'a tab', allowed: 'spaces as indentation' };
    case 'MULTIPLE_DOCS':
      return { offset, found: 'a second document', allowed: 'one document in a file' };
    case 'TAG_RESOLVE_FAILED':
      return { offset, found: 'a tag (!…)', allowed: 'plain values' };
    default: {
      const said = message.replaceAll(/\s+/g, ' ');
      return { offset, found: `no YAML 1.2 (${said})`, allowed: 'YAML 1.2' };
    }
  }
}

function findOffset(document: Document, inspection: Inspection, problem: Problem): number {
  const { path, isAboutKey = false } = problem;
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const [index, step] of path.entries()) {
    const container = isAlias(node) ? inspection.targets.get(node) : node;
    if (isSeq(container)) {
      node = container.items[Number(step)];
    } else {
      const entry = isMap(container)
        ? inspection.entries.get(container)?.get(String(step))
        : undefined;
      if (entry === undefined) return offset;
      const isKeyMeant = isAboutKey && index === path.length - 1;
      if (isKeyMeant || entry.value === null) return offsetOf(entry.key);
      node = entry.value;
    }
    offset = offsetOf(node);
  }
  return offset;
}
