// Turns a metric math expression into a tree ("Metric math syntax and functions", CloudWatch User
// Guide). Knows the grammar, not the functions.

import { readTokens } from './tokens.ts';
import type { Token } from './tokens.ts';

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '^'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'reference'; readonly id: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'negation'; readonly operand: Expression }
  | BinaryExpression;

export interface BinaryExpression {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export type Parsed =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problem: string };

/** How deep brackets, calls and chains may nest: keeps hostile expressions off the stack's end. */
export const DEPTH_MAX = 100;

/** How many steps the tree may be high: bounds the recursion of everything that walks it. */
const TREE_HEIGHT_MAX = 200;

/** Loosest binding first; all bind to the left. */
const LEVELS: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
  ['^'],
];
/** A sign binds looser than a power and tighter than a product: -m1^2 is -(m1^2). */
const POWER_LEVEL = LEVELS.length - 1;

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
  /** The first thing that went wrong; every step that finds it gives up. */
  problem: string | undefined;
}

/** The tree, or one sentence on the first thing that is wrong. */
export function parseExpression(source: string): Parsed {
  const read = readTokens(source);
  if (!read.ok) return read;
  const cursor: Cursor = { tokens: read.tokens, at: 0, depth: 0, problem: undefined };
  const expression = parseLevel(cursor, 0);
  if (expression === undefined || cursor.problem !== undefined) {
    return { ok: false, problem: cursor.problem ?? 'Unexpected end of the expression' };
  }
  const rest = cursor.tokens[cursor.at];
  if (rest !== undefined) return { ok: false, problem: `Unexpected '${rest.value}'` };
  if (heightOf(expression) > TREE_HEIGHT_MAX) {
    return { ok: false, problem: `More than ${TREE_HEIGHT_MAX} operations on top of each other` };
  }
  return { ok: true, expression };
}

function heightOf(expression: Expression): number {
  return 1 + childrenOf(expression).reduce((height, child) => Math.max(height, heightOf(child)), 0);
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'reference':
      return [];
    case 'list':
      return expression.items;
    case 'call':
      return expression.arguments;
    case 'negation':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
  }
}

function parseLevel(cursor: Cursor, level: number): Expression | undefined {
  const operators = LEVELS[level];
  if (operators === undefined) return parsePrimary(cursor);
  if (level === POWER_LEVEL && takeSymbol(cursor, '-')) return parseNegation(cursor);
  let left = parseLevel(cursor, level + 1);
  for (let links = 0; left !== undefined; links += 1) {
    const operator = operators.find((candidate) => takeSymbol(cursor, candidate));
    if (operator === undefined) return left;
    if (links === DEPTH_MAX) return fail(cursor, `More than ${DEPTH_MAX} operators in a row`);
    const right = parseOperand(cursor, level);
    if (right === undefined) return undefined;
    left = { kind: 'binary', operator, left, right };
  }
  return undefined;
}

/** The right side of an operator: a power may have a signed exponent. */
function parseOperand(cursor: Cursor, level: number): Expression | undefined {
  if (level === POWER_LEVEL && takeSymbol(cursor, '-')) return parseNegation(cursor);
  return parseLevel(cursor, level + 1);
}

function parseNegation(cursor: Cursor): Expression | undefined {
  const operand = parseNested(cursor, () => parseLevel(cursor, POWER_LEVEL));
  return operand && { kind: 'negation', operand };
}

function parsePrimary(cursor: Cursor): Expression | undefined {
  const token = cursor.tokens[cursor.at];
  if (token === undefined) return fail(cursor, 'Unexpected end of the expression');
  cursor.at += 1;
  switch (token.kind) {
    case 'number':
    case 'text':
      return token;
    case 'name':
      return parseNamed(cursor, token.value);
    case 'symbol':
      return parseBracketed(cursor, token.value);
  }
}

function parseNamed(cursor: Cursor, name: string): Expression | undefined {
  if (!takeSymbol(cursor, '(')) return { kind: 'reference', id: name };
  const items = parseItems(cursor, ')');
  return items && { kind: 'call', name, arguments: items };
}

function parseBracketed(cursor: Cursor, symbol: string): Expression | undefined {
  if (symbol === '[') {
    const items = parseItems(cursor, ']');
    return items && { kind: 'list', items };
  }
  if (symbol !== '(') return fail(cursor, `Unexpected '${symbol}'`);
  const inner = parseNested(cursor, () => parseLevel(cursor, 0));
  if (inner === undefined) return undefined;
  return takeSymbol(cursor, ')') ? inner : fail(cursor, "Missing ')'");
}

function parseItems(cursor: Cursor, end: ')' | ']'): readonly Expression[] | undefined {
  const items: Expression[] = [];
  if (takeSymbol(cursor, end)) return items;
  for (;;) {
    const item = parseNested(cursor, () => parseLevel(cursor, 0));
    if (item === undefined) return undefined;
    items.push(item);
    if (takeSymbol(cursor, end)) return items;
    if (!takeSymbol(cursor, ',')) return fail(cursor, `Missing ',' or '${end}'`);
  }
}

function parseNested(cursor: Cursor, parse: () => Expression | undefined): Expression | undefined {
  if (cursor.depth === DEPTH_MAX) return fail(cursor, `Nested deeper than ${DEPTH_MAX}`);
  cursor.depth += 1;
  const result = parse();
  cursor.depth -= 1;
  return result;
}

function takeSymbol(cursor: Cursor, symbol: string): boolean {
  const token = cursor.tokens[cursor.at];
  if (token?.kind !== 'symbol' || token.value !== symbol) return false;
  cursor.at += 1;
  return true;
}

function fail(cursor: Cursor, problem: string): undefined {
  cursor.problem ??= problem;
  return undefined;
}
