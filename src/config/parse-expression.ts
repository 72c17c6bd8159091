// Reads `(connections + 2 * queue) / instances` into the tree that the core walks. The grammar is the
// part of JavaScript's that is arithmetic; nothing is ever run.

import { parse, type AnyNode, type CallExpression } from 'acorn';

import type { Expression, Operator } from '../core/expression.ts';
import { isSignalName } from '../wire/report.ts';
import { quote } from './config-error.ts';
import { findNearest } from './nearest.ts';

export const expressionAllowed =
  'numbers, names of signals, instances, + - * / ( ), min(…) and max(…)';

const functions = ['min', 'max'] as const;

export type ParsedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly mistake: ExpressionMistake };

export interface ExpressionMistake {
  /** Where in the text it is, from 0. */
  readonly offset: number;
  readonly found: string;
  readonly allowed: string;
}

/** What a signal that is named in the expression stands for. */
export type ReadOperand = (signal: string) => Expression;

export function parseExpression(text: string, operand: ReadOperand): ParsedExpression {
  const root = parseArithmetic(text);
  if ('mistake' in root) return { ok: false, mistake: root.mistake };
  const reader: Reader = { text, operand, mistake: null, signals: 0 };
  const expression = read(root.node, reader);
  if (reader.mistake !== null) return { ok: false, mistake: reader.mistake };
  if (reader.signals > 0) return { ok: true, expression };
  const found = 'an expression without a signal';
  return { ok: false, mistake: { offset: 0, found, allowed: expressionAllowed } };
}

function parseArithmetic(
  text: string,
): { readonly node: AnyNode } | { readonly mistake: ExpressionMistake } {
  const fail = (offset: number, found: string) => ({
    mistake: { offset, found, allowed: expressionAllowed },
  });
  try {
    const [first, second] = parse(text, { ecmaVersion: 2024 }).body;
    if (second !== undefined) return fail(second.start, 'a second expression');
    if (first?.type !== 'ExpressionStatement') return fail(0, 'no expression');
    return { node: first.expression };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const offset = 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;
    const rest = text.slice(offset).trim();
    return fail(offset, rest === '' ? 'an expression that ends too early' : quote(rest));
  }
}

/** Goes on after a mistake, so that every path yields a tree; the first mistake is the one told. */
interface Reader {
  readonly text: string;
  readonly operand: ReadOperand;
  mistake: ExpressionMistake | null;
  signals: number;
}

const nothing: Expression = { kind: 'number', value: 0 };

function read(node: AnyNode, reader: Reader): Expression {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number' && Number.isFinite(node.value)) {
        return { kind: 'number', value: node.value };
      }
      // Names that are no words of the grammar stand in quotes: 'connections:8080'.
      if (typeof node.value === 'string') return readName(node.value, node, reader);
      return refuse(node, reader);
    case 'Identifier':
      return node.name === 'instances' ? { kind: 'instances' } : readName(node.name, node, reader);
    case 'MemberExpression':
      return readName(reader.text.slice(node.start, node.end), node, reader);
    case 'BinaryExpression': {
      const { operator } = node;
      if (!isOperator(operator)) return refuse(node, reader);
      const left = read(node.left, reader);
      return { kind: 'operation', operator, left, right: read(node.right, reader) };
    }
    case 'UnaryExpression':
      if (node.operator !== '-') return refuse(node, reader);
      return {
        kind: 'operation',
        operator: '-',
        left: nothing,
        right: read(node.argument, reader),
      };
    case 'CallExpression':
      return readCall(node, reader);
    default:
      return refuse(node, reader);
  }
}

function readName(name: string, node: AnyNode, reader: Reader): Expression {
  if (!isSignalName(name)) return refuse(node, reader);
  reader.signals += 1;
  return reader.operand(name);
}

function readCall(node: CallExpression, reader: Reader): Expression {
  const name = reader.text.slice(node.callee.start, node.callee.end);
  const kind = functions.find((known) => known === name);
  if (kind === undefined) {
    const nearest = findNearest(name, functions);
    const hint = nearest === null ? '' : `, nearest to ${nearest}`;
    const found = `the function ${quote(name)}${hint}`;
    return tell(reader, { offset: node.start, found, allowed: functions.join(', ') });
  }
  if (node.arguments.length === 0) {
    const found = `${name} of nothing`;
    return tell(reader, { offset: node.start, found, allowed: `${name} of at least one part` });
  }
  return { kind, of: node.arguments.map((part) => read(part, reader)) };
}

function isOperator(operator: string): operator is Operator {
  return ['+', '-', '*', '/'].includes(operator);
}

function refuse(node: AnyNode, reader: Reader): Expression {
  const found = quote(reader.text.slice(node.start, node.end));
  return tell(reader, { offset: node.start, found, allowed: expressionAllowed });
}

function tell(reader: Reader, mistake: ExpressionMistake): Expression {
  reader.mistake ??= mistake;
  return nothing;
}
