// The part of the past that a request is about: `from` up to, not including, `to`.

import { z } from 'zod';
import type { EpochMs } from '../core/time.ts';
import { momentGrammar, parseMoment, resolveMoment, type Moment } from './moments.ts';
import { refuse, type Found } from './problem.ts';

export const momentField = z
  .string()
  .transform((text, context): Moment => {
    const moment = parseMoment(text);
    if (moment !== null) return moment;
    context.addIssue('no moment');
    return z.NEVER;
  })
  .describe(momentGrammar);

/** Fields of a query over a range. */
export const rangeFields = {
  from: momentField.optional().describe(momentGrammar),
  to: momentField.optional().describe(momentGrammar),
};

interface WrittenRange {
  readonly from?: Moment | undefined;
  readonly to?: Moment | undefined;
}

export interface RangeLimits {
  readonly now: EpochMs;
  /** How far back a range reaches that names no `from`. */
  readonly spanMs: number;
  readonly spanMaxMs: number;
}

const dayMs = 86_400_000;

/** Without `to` up to and with the present. */
export function resolveRange(
  { from, to }: WrittenRange,
  { now, spanMs, spanMaxMs }: RangeLimits,
): Found<{ readonly from: EpochMs; readonly to: EpochMs }> {
  const end = to === undefined ? now + 1 : resolveMoment(to, now);
  const start = from === undefined ? Math.min(end, now) - spanMs : resolveMoment(from, now);
  const said = `from ${tellTime(start)} to ${tellTime(end)}`;
  if (start >= end) return refuseRange(`${said} is no range; from must be before to`);
  if (end - start > spanMaxMs) {
    return refuseRange(`${said} is too long; ${spanMaxMs / dayMs} days at most are answered`);
  }
  return { ok: true, value: { from: start, to: end } };
}

function refuseRange(detail: string): Found<never> {
  return refuse({ status: 422, code: 'bad-input', detail });
}

/** ISO 8601 in UTC; the number itself where no calendar reaches. */
export function tellTime(time: EpochMs): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? String(time) : date.toISOString();
}
