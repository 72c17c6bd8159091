// What is wrong with a configuration file, one line each: where, what was found, what is allowed;
// within an expression also the place.

/** Keys and list positions from the top of the file down. */
export type Path = readonly (string | number)[];

/** Something wrong, before its place in the text is known. */
export interface Problem {
  readonly path: Path;
  /** Points at the key instead of its value. */
  readonly isAboutKey?: boolean;
  /** Reads on from "found". */
  readonly found: string;
  /** Reads on from "allowed:". */
  readonly allowed: string;
  /** The text that it is in, where the place within that helps. */
  readonly excerpt?: Excerpt;
}

/** One line of text, and a place in it, from 0. */
export interface Excerpt {
  readonly text: string;
  readonly offset: number;
}

export type Report = (problem: Problem) => void;

export interface ConfigError {
  readonly file: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
  /** For example `groups[0].policies[0].target`; empty for the file as a whole. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
  readonly excerpt?: Excerpt;
}

/**
 * `foretide.yaml:12:5 groups[0].min: found -1, allowed: a whole number from 0`. With an excerpt two
 * more lines: the text, and a caret under the place.
 */
export function formatConfigError(error: ConfigError): string {
  const subject = error.path === '' ? '' : ` ${error.path}:`;
  const place = `${error.file}:${error.line}:${error.column}`;
  const line = `${place}${subject} found ${error.found}, allowed: ${error.allowed}`;
  return error.excerpt === undefined ? line : `${line}\n${showExcerpt(error.excerpt)}`;
}

function showExcerpt({ text, offset }: Excerpt): string {
  return `    ${text}\n    ${' '.repeat(offset)}^`;
}

export function formatPath(path: Path): string {
  return path.map(formatStep).join('').replace(/^\./, '');
}

function formatStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`;
  return /^[\w-]+$/.test(step) ? `.${step}` : `[${quote(step)}]`;
}

const shownLengthMax = 60;
/** What stands there may be a secret that was put in the wrong place. */
const secretKeyPattern = /password|secret|token|credential/i;

/** A value as a person wrote it, on one line and cut short; a possible secret by its kind only. */
export function showValue(value: unknown, path: Path): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'string':
      if (path.some((step) => secretKeyPattern.test(String(step)))) return 'text';
      return quote(value.replace(/(:\/\/).*@/s, '$1…@'));
    case 'number':
      return path.some((step) => secretKeyPattern.test(String(step))) ? 'a number' : String(value);
    case 'boolean':
      return String(value);
    default:
      if (value === null) return 'nothing';
      return Array.isArray(value) ? 'a list' : 'a mapping';
  }
}

/** In double quotes, without line breaks, at most 60 characters. */
export function quote(text: string): string {
  const isLong = text.length > shownLengthMax;
  return JSON.stringify(isLong ? `${text.slice(0, shownLengthMax - 1)}…` : text);
}
