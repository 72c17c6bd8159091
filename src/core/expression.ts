// Numbers computed from several signals: a tree, made at the edge from text such as
// `(connections + 2 * queue) / instances`. The core only walks it.

import type { SignalReadings, SignalSelector } from './signal.ts';

export type Operator = '+' | '-' | '*' | '/';

export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'signal'; readonly selector: SignalSelector }
  /** The warmed instances: those whose readings count. */
  | { readonly kind: 'instances' }
  | {
      readonly kind: 'operation';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** Of at least one part. */
  | { readonly kind: 'min' | 'max'; readonly of: readonly Expression[] };

/** Why an expression has no value. */
export type Unevaluated =
  | { readonly code: 'no-reading'; readonly signal: string }
  | { readonly code: 'division-by-zero'; readonly expression: string }
  | { readonly code: 'not-finite'; readonly expression: string };

export interface ExpressionInput {
  readonly signals: SignalReadings;
  readonly warmed: number;
  /** What a signal without a reading is taken for. Left out: the expression then has no value. */
  readonly missing?: number;
}

/**
 * The value of the selector's expression: finite, of either sign. The first thing that stands in its
 * way otherwise, from left to right.
 */
export function evaluate(
  text: string,
  expression: Expression,
  input: ExpressionInput,
): number | Unevaluated {
  const value = walk(expression, text, input);
  if (typeof value !== 'number' || Number.isFinite(value)) return value;
  return { code: 'not-finite', expression: text };
}

/** The selectors that an expression reads, in the order in which they stand. */
export function listOperands(expression: Expression): readonly SignalSelector[] {
  switch (expression.kind) {
    case 'number':
    case 'instances':
      return [];
    case 'signal':
      return [expression.selector];
    case 'operation':
      return [...listOperands(expression.left), ...listOperands(expression.right)];
    case 'min':
    case 'max':
      return expression.of.flatMap(listOperands);
  }
}

function walk(node: Expression, text: string, input: ExpressionInput): number | Unevaluated {
  switch (node.kind) {
    case 'number':
      return node.value;
    case 'instances':
      return input.warmed;
    case 'signal': {
      const reading = input.signals[node.selector.key];
      return (
        reading?.value ?? input.missing ?? { code: 'no-reading', signal: node.selector.signal }
      );
    }
    case 'operation': {
      const left = walk(node.left, text, input);
      if (typeof left !== 'number') return left;
      const right = walk(node.right, text, input);
      if (typeof right !== 'number') return right;
      if (node.operator === '/' && right === 0) {
        return { code: 'division-by-zero', expression: text };
      }
      return operate(node.operator, left, right);
    }
    case 'min':
    case 'max':
      return walkExtreme(node, text, input);
  }
}

function walkExtreme(
  node: Extract<Expression, { of: unknown }>,
  text: string,
  input: ExpressionInput,
): number | Unevaluated {
  let extreme = node.kind === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  for (const part of node.of) {
    const value = walk(part, text, input);
    if (typeof value !== 'number') return value;
    extreme = node.kind === 'min' ? Math.min(extreme, value) : Math.max(extreme, value);
  }
  return extreme;
}

function operate(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}
