// What `/v1` answers, as schemas: the description for programs. New keys may appear in any object.

import { z } from 'zod';
import { count, time, toldDecision } from './why-schemas.ts';

export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('one line: what was found, and what is allowed'),
  code: z.string(),
});

const override = z.looseObject({
  kind: z.enum(['set', 'hold', 'pause']),
  until: time.nullable(),
  by: z.string(),
  why: z.string(),
});
const overridesVersion = z.string().describe('for if-match');
const mode = z.enum(['observe', 'advise', 'scale-out-only', 'active']);

const promiseShare = z.looseObject({
  ratio: z.number().nullable().describe('0–1; null where it is not known'),
  kept: count,
  late: count,
  unknown: count.describe('done by workers that do not say how old a message was'),
});
const queue = z.looseObject({
  visible: z.number(),
  inFlight: z.number(),
  meanDurationMs: z.number(),
  backlogPerInstance: z.number().nullable(),
  acceptableBacklog: z.number(),
  promiseMs: z.number(),
  promiseKept: z.looseObject({ hour: promiseShare, day: promiseShare }),
});

const groupStatus = z.looseObject({
  name: z.string(),
  mode,
  modeByHand: z
    .looseObject({ by: z.string(), why: z.string(), at: time, configured: mode })
    .nullable()
    .describe('null where the mode is that of the config'),
  desired: count.nullable(),
  inService: count,
  pending: count,
  terminating: count,
  warming: count,
  silent: count,
  lastDecision: toldDecision.nullable(),
  now: toldDecision.nullable(),
  rejected: z.record(z.string(), count),
  demand: z.number().nullable(),
  queue: queue.optional().describe('of a group with a backlog policy'),
  autoScalingGroup: z.string(),
  min: count,
  max: count,
  signals: z.record(z.string(), z.looseObject({ value: z.number(), at: time })),
  overrides: z.array(override),
  heldBy: z.string().nullable(),
  problem: z.string().nullable(),
});

export const groups = z.looseObject({
  groups: z.array(groupStatus),
  config: z
    .looseObject({
      file: z.string(),
      appliedAt: time,
      mistake: z.looseObject({ since: time, lines: z.array(z.string()) }).nullable(),
      needsRestart: z.array(z.string()),
    })
    .optional(),
});

export const group = groupStatus.extend({
  overridesVersion,
  instances: z.array(
    z.looseObject({
      id: z.string(),
      lifecycleState: z.string(),
      zone: z.string(),
      instanceType: z.string(),
      isReporting: z.boolean(),
      isWarmed: z.boolean(),
      sampleAgeMs: z.number().nullable(),
      clockSkewMs: z.number().nullable(),
      agentVersion: z.string().nullable(),
      signals: z.record(z.string(), z.number()),
    }),
  ),
});

export const decisions = z.looseObject({ group: z.string(), decisions: z.array(toldDecision) });

export const signal = z.looseObject({
  group: z.string(),
  signal: z.string(),
  minutes: z.array(
    z.looseObject({ start: time, sum: z.number(), mean: z.number(), highest: z.number() }),
  ),
});

const column = z.array(z.number().nullable());
export const series = z.looseObject({
  group: z.string(),
  start: time,
  stepMs: count,
  desired: column,
  desiredMin: column,
  desiredMax: column,
  inService: column,
  inServiceMin: column,
  inServiceMax: column,
  demand: column,
  demandMin: column,
  demandMax: column,
});

export const forecast = z.looseObject({
  group: z.string(),
  isUsable: z.boolean(),
  code: z.string(),
  signal: z.string(),
  start: time,
  stepMs: count,
  levels: z.array(z.number()),
  quantiles: z.array(z.array(z.number())).describe('for each step the demand at each level'),
  experts: z.array(z.looseObject({ name: z.string(), weight: z.number() })),
  fitted: z.array(
    z.looseObject({
      name: z.string(),
      phase: z.enum(['untried', 'on-trial', 'admitted', 'refused']),
      since: time.nullable(),
      gainRatio: z.number().nullable(),
      nextFitAt: time.nullable(),
      problem: z.string().nullable(),
      explanation: z.string(),
    }),
  ),
  scorecard: z.array(
    z.looseObject({
      kind: z.enum(['mean', 'max']),
      leadMs: count,
      spanMs: count,
      updates: count,
      isDemoted: z.boolean(),
    }),
  ),
  seasonsMs: z.array(z.number()),
  historyMs: z.number(),
  demand: z.number().nullable(),
  sizing: z.looseObject({
    perInstance: z.number().nullable(),
    basis: z.enum(['learned', 'target']).nullable(),
    leadMs: z.number(),
    isLeadLearned: z.boolean(),
    pricePerInstanceHour: z.number().nullable(),
    min: count,
    max: count,
    desired: count.nullable(),
  }),
  warmPool: z
    .looseObject({ explanation: z.string(), waiting: count, perHour: z.number().nullable() })
    .optional()
    .describe('for groups that are to have one'),
});
export const historyImported = z.looseObject({
  group: z.string(),
  signal: z.string(),
  written: count,
  kept: count,
});

export const overridden = z.looseObject({ group: z.string(), override, overridesVersion });
export const resumed = z.looseObject({ group: z.string(), by: z.string(), overridesVersion });
export const modeChanged = z.looseObject({
  group: z.string(),
  mode,
  by: z.string(),
  why: z.string(),
  lasts: z.string(),
  overridesVersion,
});
export const preview = z.looseObject({
  group: z.string(),
  says: z.string(),
  refusal: z.string().nullable(),
});
export const session = z.looseObject({
  name: z.string().nullable(),
  role: z.enum(['viewer', 'operator']).nullable(),
  expiresAt: time.nullable(),
});
export const version = z.looseObject({ version: z.string(), startedAt: time, now: time });
export const health = z.looseObject({
  status: z.enum(['ok', 'failing']),
  problems: z.array(z.string()),
});
export const audit = z.looseObject({
  entries: z.array(
    z.looseObject({
      at: time,
      who: z.string().nullable(),
      via: z.enum(['socket', 'open', 'bearer', 'session']),
      from: z.string().nullable(),
      action: z.string(),
      group: z.string().optional(),
      what: z.string().optional(),
      outcome: z.enum(['done', 'refused']),
      because: z.string().optional(),
    }),
  ),
});
export const config = z.looseObject({
  groups: z.array(z.looseObject({})),
  loadTopics: z.array(z.looseObject({})),
});
export const configCheck = z.union([
  z.looseObject({ isValid: z.literal(true), groups: z.array(z.string()) }),
  z.looseObject({
    isValid: z.literal(false),
    mistakes: z.array(
      z.looseObject({
        line: count,
        column: count,
        path: z.string(),
        found: z.string(),
        allowed: z.string(),
      }),
    ),
  }),
]);
export const jobStarted = z.looseObject({ id: z.string() });
export const job = z.looseObject({
  id: z.string(),
  kind: z.enum(['simulate', 'compare']),
  by: z.string().nullable(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  progress: z.number().min(0).max(1),
  result: z.unknown(),
  svg: z.string().nullable(),
  problem: z.string().nullable(),
});
