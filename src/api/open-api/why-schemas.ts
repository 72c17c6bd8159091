// What `/v1` answers about one decision, as schemas: what it was and why, and why it was no other.

import { z } from 'zod';

export const time = z.number().describe('milliseconds since 1970');
export const count = z.int().min(0);

const reason = z.looseObject({ code: z.string() });
const actuation = z.looseObject({
  kind: z.enum(['accepted', 'unchanged', 'refused', 'unknown']),
});
const recommendation = z.looseObject({
  kind: z.enum(['desired', 'bounds', 'abstain']),
  policy: z.string(),
  reason,
});
const explanation = z.looseObject({ summary: z.string(), details: z.array(z.string()) });
const decision = z.looseObject({
  group: z.string(),
  at: time,
  kind: z.enum(['scale-out', 'scale-in', 'hold']),
  from: count,
  to: count,
  wanted: count,
  acts: z.boolean(),
  recommendations: z.array(recommendation),
  adjustments: z.array(z.looseObject({ guardrail: z.string(), from: count, to: count, reason })),
});
export const toldDecision = z.looseObject({
  decision,
  explanation,
  actuation: actuation.nullable(),
  counterfactuals: z
    .array(z.looseObject({ without: z.enum(['guardrail', 'policy']), name: z.string(), to: count }))
    .optional()
    .describe('what would have been decided without each rule; absent where that is not known'),
});

export const toldObstacles = z.looseObject({
  obstacles: z.looseObject({
    group: z.string(),
    at: time,
    direction: z.enum(['scale-out', 'scale-in']),
    current: count,
    isDecided: z.boolean(),
    isWanted: z.boolean(),
    dissents: z.array(
      z.looseObject({
        recommendation,
        thresholds: z.array(
          z.looseObject({
            signal: z.string(),
            value: z.number().nullable(),
            bound: z.number().nullable(),
          }),
        ),
      }),
    ),
    holders: z.array(z.looseObject({ name: z.string(), reason, until: time.nullable() })),
  }),
  explanation,
});

const end = z.number().nullable();
export const toldSizeObstacles = z.looseObject({
  obstacles: z.looseObject({
    group: z.string(),
    at: time,
    size: count,
    current: count,
    decided: count,
    isDecided: z.boolean(),
    wanted: count.nullable(),
    dissents: z.array(
      z.looseObject({
        recommendation,
        readings: z.array(
          z.looseObject({
            signal: z.string(),
            value: z.number().nullable(),
            ranges: z.array(z.looseObject({ lower: end, upper: end })),
          }),
        ),
      }),
    ),
    holders: z.array(
      z.looseObject({ name: z.string(), reason, until: time.nullable(), makes: count }),
    ),
  }),
  explanation,
});
