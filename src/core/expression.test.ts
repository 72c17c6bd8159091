import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate, listOperands, type Expression, type Operator } from './expression.ts';
import { trackTarget } from './policies/target-tracking.ts';
import { selectExpression, selectSignal } from './signal.ts';

const connections = selectSignal('connections', 'sum', 1000);
const queue = selectSignal('queue', 'sum', 1000);

function number(value: number): Expression {
  return { kind: 'number', value };
}

function operation(left: Expression, operator: Operator, right: Expression): Expression {
  return { kind: 'operation', operator, left, right };
}

/** `(connections + 2 * queue) / instances`. */
const load = operation(
  operation(
    { kind: 'signal', selector: connections },
    '+',
    operation(number(2), '*', { kind: 'signal', selector: queue }),
  ),
  '/',
  { kind: 'instances' },
);

const readings = {
  [connections.key]: { value: 300, at: 0, instances: 4 },
  [queue.key]: { value: 50, at: 0, instances: 4 },
};

describe('an expression', () => {
  it('comes to the number that its signals make', () => {
    expect(evaluate('load', load, { signals: readings, warmed: 4 })).toBe(100);
    const most: Expression = { kind: 'max', of: [number(1), number(7), number(3)] };
    expect(evaluate('most', most, { signals: {}, warmed: 0 })).toBe(7);
    expect(evaluate('least', { ...most, kind: 'min' }, { signals: {}, warmed: 0 })).toBe(1);
  });

  it('has no value where it divides by zero, or where a signal is missing', () => {
    expect(evaluate('load', load, { signals: readings, warmed: 0 })).toEqual({
      code: 'division-by-zero',
      expression: 'load',
    });
    const { [queue.key]: _, ...rest } = readings;
    expect(evaluate('load', load, { signals: rest, warmed: 4 })).toEqual({
      code: 'no-reading',
      signal: 'queue',
    });
  });

  it('is finite or says why not, whatever it is', () => {
    const { tree } = fc.letrec<{ tree: Expression }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(number),
        fc.constant<Expression>({ kind: 'instances' }),
        fc
          .tuple(tie('tree'), fc.constantFrom<Operator>('+', '-', '*', '/'), tie('tree'))
          .map(([left, operator, right]) => operation(left, operator, right)),
        fc
          .tuple(
            fc.constantFrom('min' as const, 'max' as const),
            fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
          )
          .map(([kind, of]): Expression => ({ kind, of })),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.nat(3), (expression, warmed) => {
        const value = evaluate('it', expression, { signals: {}, warmed });
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
        else expect(['division-by-zero', 'not-finite']).toContain(value.code);
      }),
    );
  });

  it('names the selectors that it reads', () => {
    expect(listOperands(load)).toEqual([connections, queue]);
  });

  it('is a target for one instance, and waits for the tick', () => {
    const policy = {
      type: 'target-tracking',
      name: 'load',
      selector: selectExpression('load', load),
      target: 50,
      tolerance: { scaleOutRatio: 0.1, scaleInRatio: 0.1 },
    } as const;
    const sizes = { current: 4, warmed: 4, warming: 0 };
    const context = { ...sizes, schedules: undefined, canWake: false, now: 0 };
    const opinion = trackTarget(policy, { ...context, signals: readings });
    expect(opinion).toMatchObject({ recommendation: { desired: 8 }, wakes: [] });
    const blind = trackTarget(policy, { ...context, warmed: 0, signals: readings });
    expect(blind.recommendation).toMatchObject({
      kind: 'abstain',
      blocksScaleIn: true,
      reason: { code: 'division-by-zero' },
    });
  });
});
