import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf, pan, settle, spanMaxMs, spanMinMs, zoom, type ChartSpan } from './chart-span.ts';

const now = 1_800_000_000_000;
const spans: fc.Arbitrary<ChartSpan> = fc.oneof(
  fc.record({
    kind: fc.constant('following' as const),
    lengthMs: fc.integer({ min: spanMinMs, max: spanMaxMs }),
  }),
  fc
    .tuple(fc.integer({ min: 1, max: spanMaxMs }), fc.integer({ min: 1, max: spanMaxMs }))
    .map(([ago, length]) => settle({ from: now - ago - length, to: now - ago }, now)),
);

function lengthOf(span: ChartSpan): number {
  const { from, to } = boundsOf(span, now);
  return to - from;
}

describe('the span of the chart', () => {
  it('is never shorter than ten minutes nor longer than thirty days, however it is zoomed', () => {
    const factors = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(spans, factors, (span, factor) => {
        const length = lengthOf(zoom(span, factor, now));
        expect(length).toBeGreaterThanOrEqual(spanMinMs - 1);
        expect(length).toBeLessThanOrEqual(spanMaxMs + 1);
      }),
    );
  });

  it('keeps its length when it moves, and follows again at the present', () => {
    fc.assert(
      fc.property(spans, (span) => {
        expect(Math.abs(lengthOf(pan(span, -0.5, now)) - lengthOf(span))).toBeLessThan(2);
      }),
    );
    const hour: ChartSpan = { kind: 'following', lengthMs: 3_600_000 };
    const back = pan(hour, -0.5, now);
    expect(back.kind).toBe('fixed');
    expect(pan(back, 0.5, now)).toEqual(hour);
  });
});
