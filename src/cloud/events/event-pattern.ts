// EventBridge's patterns: which events a rule wants ("Event patterns", EventBridge user guide).

import type { Json } from '../cloudformation/json.ts';
import { isList, isRecord, memberOf, textOf } from '../cloudformation/json.ts';

/** What is wrong with a pattern, or `undefined`. */
export function patternProblem(pattern: unknown): string | undefined {
  if (!isRecord(pattern)) return 'Filter is not an object';
  if (Object.keys(pattern).length === 0) return 'Empty objects are not allowed';
  for (const [name, wanted] of Object.entries(pattern)) {
    if (name === '$or') {
      if (!isList(wanted)) return '"$or" must be an array';
      const problem = wanted.map((one) => patternProblem(one)).find(Boolean);
      if (problem !== undefined) return problem;
      continue;
    }
    const problem = isRecord(wanted) ? patternProblem(wanted) : conditionsProblem(name, wanted);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function conditionsProblem(name: string, wanted: Json): string | undefined {
  if (!isList(wanted)) return `"${name}" must be an object or an array`;
  if (wanted.length === 0) return 'Empty arrays are not allowed';
  for (const condition of wanted) {
    const [operator = ''] = isRecord(condition) ? Object.keys(condition) : [];
    if (isRecord(condition) && !OPERATORS.has(operator)) {
      return `Unrecognized match type ${operator}`;
    }
    if (isList(condition)) return `Match value must be String, number, true, false, or null`;
  }
  return undefined;
}

/** Whether every field that the pattern names holds one of the values it wants there. */
export function matchesPattern(pattern: Json, event: Json): boolean {
  if (!isRecord(pattern)) return false;
  return Object.entries(pattern).every(([name, wanted]) => {
    if (name === '$or') return isList(wanted) && wanted.some((one) => matchesPattern(one, event));
    const value = memberOf(event, name);
    if (isRecord(wanted)) return matchesPattern(wanted, value ?? {});
    if (!isList(wanted)) return false;
    // Of a list in the event one item is enough.
    const found = isList(value) ? value : [value];
    return wanted.some((condition) => found.some((item) => meets(condition, item)));
  });
}

function meets(condition: Json, value: Json | undefined): boolean {
  if (!isRecord(condition)) return condition === value;
  return Object.entries(condition).every(([operator, operand]) => {
    const test = OPERATORS.get(operator);
    return test !== undefined && test(operand, value);
  });
}

type Test = (operand: Json, value: Json | undefined) => boolean;

const OPERATORS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['prefix', (operand, value) => isText(value) && value.startsWith(textOf(operand) ?? '')],
  ['suffix', (operand, value) => isText(value) && value.endsWith(textOf(operand) ?? '')],
  [
    'equals-ignore-case',
    (operand, value) => isText(value) && value.toLowerCase() === textOf(operand)?.toLowerCase(),
  ],
  ['exists', (operand, value) => (value !== undefined) === operand],
  ['anything-but', isAnythingBut],
  ['numeric', isInRange],
  ['wildcard', (operand, value) => isText(value) && isLike(textOf(operand) ?? '', value)],
]);

function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

function isAnythingBut(operand: Json, value: Json | undefined): boolean {
  if (value === undefined) return false;
  if (isRecord(operand)) return !meets(operand, value);
  return !(isList(operand) ? operand.includes(value) : operand === value);
}

/** `["numeric": [">", 0, "<=", 5]]`: pairs of comparison and number. */
function isInRange(operand: Json, value: Json | undefined): boolean {
  if (!isList(operand) || typeof value !== 'number') return false;
  for (let at = 0; at + 1 < operand.length; at += 2) {
    if (!compares(operand[at], value, Number(operand[at + 1]))) return false;
  }
  return true;
}

function compares(sign: Json | undefined, value: number, limit: number): boolean {
  switch (sign) {
    case '=':
      return value === limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    default:
      return false;
  }
}

/** `*` stands for any text. Linear in the text for each part between the stars. */
export function isLike(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (!text.startsWith(first)) return false;
  const last = rest.pop();
  if (last === undefined) return text === first;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
