// Works a parsed metric math expression out. What the ids stand for comes from the caller.

import type { Windows } from '../series.ts';
import type { Expression } from './parse.ts';
import { REDUCTIONS, reduceValue } from './reduce.ts';
import { chooseSeries, fillSeries, RESHAPES, reshapeValue } from './reshape.ts';
import { combine, found, problem } from './value.ts';
import type { Result, TimeSeries, Value } from './value.ts';

export interface MathContext {
  /** What an id stands for. */
  resolve(id: string): Result<Value>;
  /** All metrics of the request, not its expressions: `METRICS()`. */
  metrics(): readonly { readonly id: string; readonly series: TimeSeries }[];
  /** Of series that come from no metric: `TIME_SERIES(1)`. */
  readonly grid: Windows | undefined;
}

/** Words that stand where an id could: ids start with a lowercase letter. */
const FILL_WORDS: readonly string[] = ['REPEAT', 'LINEAR'];

/** The value, or one sentence on why there is none. */
export function evaluate(expression: Expression, context: MathContext): Result<Value> {
  switch (expression.kind) {
    case 'number':
    case 'text':
      return found(expression);
    case 'reference':
      if (FILL_WORDS.includes(expression.id)) return found({ kind: 'text', value: expression.id });
      return context.resolve(expression.id);
    case 'list':
      return evaluateList(expression.items, context);
    case 'negation': {
      const operand = evaluate(expression.operand, context);
      if (!operand.ok) return operand;
      return combine('-', { kind: 'number', value: 0 }, operand.value);
    }
    case 'binary': {
      const left = evaluate(expression.left, context);
      if (!left.ok) return left;
      const right = evaluate(expression.right, context);
      return right.ok ? combine(expression.operator, left.value, right.value) : right;
    }
    case 'call':
      return evaluateCall(expression.name, expression.arguments, context);
  }
}

/** Arrays inside an array are joined: [METRICS("4xx"), METRICS("5xx")]. */
function evaluateList(items: readonly Expression[], context: MathContext): Result<Value> {
  const series: TimeSeries[] = [];
  for (const item of items) {
    const result = evaluate(item, context);
    if (!result.ok) return result;
    if (result.value.kind === 'series') series.push(result.value);
    else if (result.value.kind === 'list') series.push(...result.value.items);
    else return problem('An array holds time series only');
  }
  return found({ kind: 'list', items: series });
}

function evaluateCall(
  name: string,
  expressions: readonly Expression[],
  context: MathContext,
): Result<Value> {
  const values: Value[] = [];
  for (const expression of expressions) {
    const result = evaluate(expression, context);
    if (!result.ok) return result;
    values.push(result.value);
  }
  const reduce = REDUCTIONS.get(name);
  if (reduce) return withOne(name, values, (value) => reduceValue(reduce, value));
  const reshape = RESHAPES.get(name);
  if (reshape) {
    const apply = (series: TimeSeries): Result<TimeSeries> =>
      found({ ...series, values: reshape(series.values, series.grid.periodMs) });
    return withOne(name, values, (value) => reshapeValue(apply, value));
  }
  return callOther(name, values, context);
}

function callOther(name: string, values: readonly Value[], context: MathContext): Result<Value> {
  switch (name) {
    case 'METRICS':
      return selectMetrics(values[0], context);
    case 'FILL':
      return withTwo(name, values, (value, filler) =>
        reshapeValue((series) => fillSeries(series, filler), value),
      );
    case 'IF':
      if (values.length > 3) return problem('IF takes two or three arguments');
      return withTwo(name, values.slice(0, 2), (condition, whenTrue) =>
        chooseSeries(condition, whenTrue, values[2]),
      );
    case 'PERIOD':
      return withOne(name, values, (value) =>
        value.kind === 'series'
          ? found({ kind: 'number', value: value.grid.periodMs / 1000 })
          : problem('PERIOD needs a metric'),
      );
    case 'TIME_SERIES':
      return withOne(name, values, (value) => makeConstant(value, context.grid));
    case 'FIRST':
    case 'LAST':
    case 'METRIC_COUNT':
      return withOne(name, values, (value) => inspectList(name, value));
    default:
      return problem(`Function '${name}' not found`);
  }
}

function withOne(
  name: string,
  values: readonly Value[],
  call: (value: Value) => Result<Value>,
): Result<Value> {
  const [value] = values;
  if (value === undefined || values.length > 1) return problem(`${name} takes one argument`);
  return call(value);
}

function withTwo(
  name: string,
  values: readonly Value[],
  call: (first: Value, second: Value) => Result<Value>,
): Result<Value> {
  const [first, second] = values;
  if (first === undefined || second === undefined || values.length > 2) {
    return problem(`${name} takes two arguments`);
  }
  return call(first, second);
}

function selectMetrics(part: Value | undefined, context: MathContext): Result<Value> {
  if (part !== undefined && part.kind !== 'text') return problem('METRICS takes a text or nothing');
  const chosen = context
    .metrics()
    .filter(({ id }) => part === undefined || id.includes(part.value));
  return found({ kind: 'list', items: chosen.map(({ series }) => series) });
}

function makeConstant(value: Value, grid: Windows | undefined): Result<Value> {
  if (value.kind !== 'number') return problem('TIME_SERIES needs a number');
  if (grid === undefined) return problem('The expression has no period');
  const values = Array.from({ length: grid.count }, () => value.value);
  return found({ kind: 'series', grid, values, label: '' });
}

function inspectList(name: 'FIRST' | 'LAST' | 'METRIC_COUNT', value: Value): Result<Value> {
  if (value.kind !== 'list') return problem(`${name} needs an array of time series`);
  if (name === 'METRIC_COUNT') return found({ kind: 'number', value: value.items.length });
  const item = value.items.at(name === 'FIRST' ? 0 : -1);
  return item === undefined ? problem('The array has no time series') : found(item);
}
