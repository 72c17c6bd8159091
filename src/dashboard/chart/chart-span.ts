// Which span of time the chart shows: one that follows the present, or one that stands still.

export type ChartSpan =
  | { readonly kind: 'following'; readonly lengthMs: number }
  | { readonly kind: 'fixed'; readonly from: number; readonly to: number };

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
export const spanMinMs = 10 * minuteMs;
export const spanMaxMs = 30 * dayMs;

export const presets = [
  { label: '10 min', lengthMs: 10 * minuteMs },
  { label: '1 h', lengthMs: hourMs },
  { label: '6 h', lengthMs: 6 * hourMs },
  { label: '24 h', lengthMs: dayMs },
  { label: '7 d', lengthMs: 7 * dayMs },
  { label: '30 d', lengthMs: 30 * dayMs },
] as const;

export interface Bounds {
  readonly from: number;
  readonly to: number;
}

export function boundsOf(span: ChartSpan, now: number): Bounds {
  return span.kind === 'fixed' ? span : { from: now - span.lengthMs, to: now };
}

/** Ahead of the present so much of a forecast is shown, as a share of the span. */
export const aheadRatio = 0.3;

/** Shorter or longer by the factor about its middle; one that follows keeps its end at the present. */
export function zoom(span: ChartSpan, factor: number, now: number): ChartSpan {
  const { from, to } = boundsOf(span, now);
  const lengthMs = Math.min(spanMaxMs, Math.max(spanMinMs, (to - from) * factor));
  if (span.kind === 'following') return { kind: 'following', lengthMs };
  const middle = (from + to) / 2;
  return settle({ from: middle - lengthMs / 2, to: middle + lengthMs / 2 }, now);
}

/** Moved by a share of its length; back at the present it follows again. */
export function pan(span: ChartSpan, share: number, now: number): ChartSpan {
  const { from, to } = boundsOf(span, now);
  const step = (to - from) * share;
  return settle({ from: from + step, to: to + step }, now);
}

/** A span that someone drew, within the lengths that can be shown. */
export function settle({ from, to }: Bounds, now: number): ChartSpan {
  const lengthMs = Math.min(spanMaxMs, Math.max(spanMinMs, to - from));
  if (to >= now) return { kind: 'following', lengthMs };
  const middle = (from + to) / 2;
  return { kind: 'fixed', from: middle - lengthMs / 2, to: middle + lengthMs / 2 };
}
