import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { explainReason } from './explain-reason.ts';
import { explain } from './explain.ts';
import type { Reason, ReasonCode } from './reason.ts';
import { initialState } from './state.ts';

const at = 1_700_000_000_000;

/** One reason of each code, and the sentence that it must give. */
const sentences: { readonly [Code in ReasonCode]: readonly [Reason & { code: Code }, string] } = {
  demand: [
    {
      code: 'demand',
      demand: 512,
      capacityPerInstance: 50,
      leadMs: 118_000,
      add: 12,
      keep: 14,
      riskRatio: 0.05,
      isForecast: true,
    },
    'demand is 512 a second, 50 for an instance; by load and calendar, 12 are worth launching and 14 worth keeping in 118 s at a risk of 5%',
  ],
  forecast: [
    { code: 'forecast', demand: 540, target: 100, aheadMs: 300_000, raisesMaxTo: 8 },
    'demand of 540 is expected within 5 min, 100 for an instance; its maximum may be 8 for that',
  ],
  'forecast-only': [
    { code: 'forecast-only', demand: 540, target: 100, aheadMs: 300_000, size: 6 },
    'demand of 540 is expected within 5 min, 100 for an instance: 6 instances, which it only tells',
  ],
  'forecast-unusable': [
    { code: 'forecast-unusable', cause: 'no-recent-demand' },
    'the demand cannot be forecast (no-recent-demand)',
  ],
  'forecast-unknown': [{ code: 'forecast-unknown' }, 'nothing is forecast yet'],
  'forecast-stale': [{ code: 'forecast-stale', ageMs: 420_000 }, 'the last forecast is 7 min old'],
  'backlog-promise': [
    {
      code: 'backlog-promise',
      visible: 49,
      inFlight: 1,
      meanMs: 25_000,
      p95Ms: 26_000,
      leadMs: 120_000,
      arrivalsPerSecond: 0,
      promiseMs: 300_000,
      oldestMs: 5000,
      add: 7,
      keep: 5,
      hopeless: 2,
      messageGroups: 7,
    },
    '49 messages wait, the oldest for 5 s, and 1 is worked on; one takes 25 s, a launch up to 2 min: a promise of 5 min needs 7 instances, and 5 are worth keeping; 2 are too late already; FIFO: 7 message groups, so no more than 7 workers',
  ],
  'backlog-recipe': [
    {
      code: 'backlog-recipe',
      visible: 43,
      inFlight: 1,
      backlog: 43,
      target: 12,
      meanMs: 25_000,
    },
    '43 messages wait for each instance, and 12 are acceptable at 25 s a message',
  ],
  'backlog-setter': [
    {
      code: 'backlog-setter',
      visible: 86,
      inFlight: 2,
      native: 'keep-backlog',
      backlog: 43,
      target: 6,
      isFixed: false,
      present: 12,
      meanMs: 50_000,
      problem: null,
      held: null,
    },
    "AWS's policy keep-backlog is in charge: 43 messages wait for each instance, and its target is 12; 6 at 50 s a message is what it is given next",
  ],
  'promise-beyond-max': [
    { code: 'promise-beyond-max', promiseMs: 300_000, needed: 7, max: 3 },
    'a promise of 5 min cannot be kept: it needs 7 instances, and 3 are allowed',
  ],
  'native-in-charge': [
    { code: 'native-in-charge', native: 'keep-backlog' },
    "AWS's policy keep-backlog sets the size, and nobody asked for another",
  ],
  'busy-instances': [
    { code: 'busy-instances', idle: 2 },
    '2 instances have no work in hand, and the others end theirs first',
  ],
  'queue-unknown': [{ code: 'queue-unknown' }, 'the queue has not been counted yet'],
  'queue-stale': [{ code: 'queue-stale', ageMs: 45_000 }, 'the queue was last counted 45 s ago'],
  'demand-unknown': [{ code: 'demand-unknown' }, 'nothing is known of the demand yet'],
  'demand-stale': [{ code: 'demand-stale', ageMs: 45_000 }, 'the demand was last seen 45 s ago'],
  'target-tracking': [
    { code: 'target-tracking', signal: 'cpu', value: 0.874, target: 0.6, instances: 4 },
    'cpu is 87.4% over 4 instances, above its target of 60%',
  ],
  'within-tolerance': [
    {
      code: 'within-tolerance',
      signal: 'connections',
      value: 98.6,
      target: 100,
      toleranceRatio: 0.1,
    },
    'connections is 98.6, within 10% of its target of 100',
  ],
  step: [
    { code: 'step', signal: 'cpu', value: 0.75, lower: 0.7, upper: 0.85, change: 1 },
    'cpu is 75%, in the step 70% to 85%',
  ],
  'no-step': [{ code: 'no-step', signal: 'cpu', value: 0.5 }, 'cpu is 50%, which is in no step'],
  'no-reading': [
    { code: 'no-reading', signal: 'queue' },
    'no warmed instance has reported queue recently',
  ],
  'division-by-zero': [
    { code: 'division-by-zero', expression: 'queue / instances' },
    'queue / instances divides by zero now',
  ],
  'not-finite': [
    { code: 'not-finite', expression: 'queue * queue' },
    'queue * queue is not a finite number now',
  ],
  fixed: [{ code: 'fixed', size: 5 }, 'its size is 5'],
  schedule: [
    { code: 'schedule', kind: 'min', size: 50, until: at + 3_600_000 },
    'scheduled for another 60 min',
  ],
  'schedule-inactive': [
    { code: 'schedule-inactive', next: at + 36_000_000 },
    'nothing is scheduled for another 10 h',
  ],
  'schedule-unknown': [{ code: 'schedule-unknown' }, 'its windows are not known'],
  'override-hold': [
    { code: 'override-hold', atLeast: 8, by: 'ada', why: 'launch', until: at + 7_200_000 },
    'ada holds at least 8 for another 2 h: launch',
  ],
  veto: [
    { code: 'veto', veto: 'tier', policy: 'memory' },
    'memory has a veto (tier) and does not recommend fewer',
  ],
  rate: [
    { code: 'rate', direction: 'scale-out', most: 4, used: 3, periodMs: 60_000 },
    'at most 4 instances may be added in 60 s, and 3 were',
  ],
  'budget-hour': [
    { code: 'budget-hour', perHour: 12, pricePerInstanceHour: 0.0416 },
    'the budget is $12 an hour, at $0.0416 an instance',
  ],
  'budget-month': [
    { code: 'budget-month', perMonth: 4000, monthToDate: 2600.5, forecast: 4100 },
    '$2600.5 of $4000 are spent, and the month will come to $4100 as it is',
  ],
  'budget-unknown': [
    { code: 'budget-unknown' },
    'there is a budget, and the price of an instance is not known: it limits nothing',
  ],
  freeze: [
    { code: 'freeze', name: 'sale', direction: 'scale-in', until: at + 3_600_000 },
    'sale: nothing is removed for another 60 min',
  ],
  unhealthy: [
    { code: 'unhealthy', unhealthy: 1, minHealthyRatio: 0.9, least: 10 },
    '1 instance is unhealthy, and with fewer than 10 less than 90% might be healthy',
  ],
  'foreign-change': [
    {
      code: 'foreign-change',
      what: 'desired',
      from: 4,
      to: 9,
      at: at - 20_000,
      by: null,
      until: at + 100_000,
    },
    'someone else changed desired from 4 to 9 20 s ago, which is left alone for another 100 s',
  ],
  'launch-failures': [
    { code: 'launch-failures', inARow: 2, cause: 'no capacity', until: at + 45_000 },
    'the last 2 launches failed (no capacity); more is asked for in 45 s',
  ],
  'override-set': [{ code: 'override-set', desired: 5, by: 'ada' }, 'ada set 5'],
  paused: [
    { code: 'paused', by: 'ada', until: at + 90_000 },
    'ada paused the group for another 90 s',
  ],
  'held-by-other': [
    { code: 'held-by-other', controller: 'host-b' },
    'another controller holds the group: host-b',
  ],
  'capacity-unknown': [
    { code: 'capacity-unknown' },
    'the Auto Scaling group could not be described yet',
  ],
  'act-in-flight': [
    { code: 'act-in-flight', to: 6, since: at - 400 },
    'the change to 6 is still on its way, for 400 ms',
  ],
  'outcome-unknown': [
    { code: 'outcome-unknown', to: 6, since: at },
    'the call that set 6 timed out, and the group has not been described since',
  ],
  'refused-recently': [
    { code: 'refused-recently', refusal: 'throttled', times: 2, retryAt: at + 2000 },
    'AWS refused the last 2 tries (throttled); the next is in 2 s',
  ],
  'capacity-stale': [
    { code: 'capacity-stale', ageMs: 180_000 },
    'the group was last described 3 min ago',
  ],
  'broker-down': [
    { code: 'broker-down' },
    'the broker cannot be reached, so silence says nothing about the instances',
  ],
  'journal-unwritable': [{ code: 'journal-unwritable' }, 'the journal cannot be written'],
  'policy-blind': [{ code: 'policy-blind', policy: 'cpu' }, 'cpu cannot see'],
  'too-few-reports': [
    { code: 'too-few-reports', reporting: 1, expected: 4, minReportingRatio: 0.5 },
    'only 1 of 4 report, and 50% must',
  ],
  warming: [{ code: 'warming', warming: 1, pending: 2 }, '1 instance warming up and 2 pending'],
  stabilization: [
    { code: 'stabilization', windowMs: 300_000, size: 7 },
    'within the last 5 min 7 was recommended',
  ],
  cooldown: [{ code: 'cooldown', until: at + 30_000 }, 'the cooldown lasts another 30 s'],
  'latency-unknown': [
    { code: 'latency-unknown', signal: 'serviceTimeMs' },
    'nothing is known yet of the requests in a second, for which CPU does not stand, or of serviceTimeMs, which says how long one is served',
  ],
  'latency-unreachable': [
    { code: 'latency-unreachable', promiseMs: 50, tailRatio: 0.05, serviceMs: 20 },
    '95% within 50 ms cannot be kept by any number of instances: served alone a request takes 20 ms in the mean',
  ],
  'warm-pool': [
    {
      code: 'warm-pool',
      state: 'stopped',
      prepared: 14,
      ready: 4,
      preparing: 1,
      coldLeadMs: 118_000,
      warmLeadMs: 31_000,
      isWarmLearned: true,
      costRatio: 0.02,
      ahead: 12.2,
      pooled: 10.4,
      isJudged: true,
      isCheaper: true,
      pricePerInstanceHour: 0.05,
    },
    'a start from it takes 31 s, a cold one 118 s; waiting costs 2% of running; with the pool the promise costs $0.52 an hour, by launching ahead alone it costs $0.61 an hour: 14 in service and waiting are worth it; 4 stopped and ready, 1 being prepared',
  ],
  'warm-pool-unknown': [
    { code: 'warm-pool-unknown' },
    'the demand or the pool is not known yet, and the pool stays as it is',
  ],
  'warm-pool-ending': [
    { code: 'warm-pool-ending' },
    'AWS is deleting the pool, and makes no other before that is over',
  ],
  'warm-pool-asked': [
    { code: 'warm-pool-asked', prepared: 14, tries: 2, at: at - 20_000 },
    '14 prepared were asked for 2 times, 20 s ago, and are not described yet',
  ],
  'scale-out-only': [{ code: 'scale-out-only' }, 'the mode is scale-out-only'],
  'size-bounds': [{ code: 'size-bounds', min: 1, max: 20 }, 'the bounds are 1 to 20'],
  'observe-only': [{ code: 'observe-only' }, 'the mode is observe: nothing is decided'],
  'pending-launches': [
    { code: 'pending-launches', pending: 3, cancelled: 2 },
    '3 launches are pending, and 2 of them are cancelled first',
  ],
  'no-instances': [{ code: 'no-instances', signal: 'cpu' }, 'there is no instance to report cpu'],
  empty: [
    { code: 'empty', signal: 'queue', value: 12 },
    'queue is 12, and there is no instance yet',
  ],
  'unseen-signal': [
    { code: 'unseen-signal', signal: 'cpuu', seen: ['cpu', 'memory'] },
    'nobody reports cpuu; what is reported: cpu, memory',
  ],
  'already-advised': [
    { code: 'already-advised', size: 6 },
    'the mode is advise, and 6 has been advised already',
  ],
};

describe('a reason', () => {
  it.each(Object.values(sentences))('has a sentence: %o', (reason, sentence) => {
    expect(explainReason(reason, at)).toBe(sentence);
  });
});

describe('an explanation', () => {
  const decision: Decision = {
    group: 'web',
    at,
    kind: 'scale-out',
    from: 14,
    to: 20,
    wanted: 21,
    acts: true,
    recommendations: [
      { kind: 'desired', policy: 'cpu', desired: 21, reason: sentences['target-tracking'][0] },
      {
        kind: 'abstain',
        policy: 'queue',
        blocksScaleIn: true,
        reason: sentences['no-reading'][0],
      },
    ],
    adjustments: [
      { guardrail: 'size-bounds', from: 21, to: 20, reason: sentences['size-bounds'][0] },
    ],
  };

  it('names the act, the binding reason and what would have been done without it', () => {
    const { summary, details } = explain(decision);
    expect(summary).toBe('scale out from 14 to 20: the bounds are 1 to 20 (without that: 21)');
    expect(details).toEqual([
      'cpu recommends 21: cpu is 87.4% over 4 instances, above its target of 60%',
      'queue abstains and lets nothing be removed: no warmed instance has reported queue recently',
      'size-bounds makes 20 of 21: the bounds are 1 to 20',
    ]);
  });

  it('says "would" of a decision that is only advised', () => {
    expect(explain({ ...decision, acts: false }).summary).toMatch(/^would scale out from 14 to 20/);
  });

  it('explains a group that could not be described', () => {
    const group = {
      name: 'web',
      mode: 'active',
      min: 1,
      max: 2,
      warmupMs: 0,
      cooldown: { scaleOutMs: 0, scaleInMs: 0 },
      stabilization: { scaleOutMs: 0, scaleInMs: 0 },
      minReportingRatio: 0.5,
      policies: [],
    } as const;
    const observation = {
      capacity: null,
      fleet: { warmed: 0, warming: 0, expected: 0, reporting: 0, silent: 0 },
      signals: {},
      telemetry: 'connected',
      overrides: [],
      isJournalWritable: true,
      heldBy: null,
    } as const;
    const { decision: held } = decide(group, initialState, observation, at);
    expect(explain(held).summary).toBe(
      'hold at 0: the Auto Scaling group could not be described yet',
    );
  });
});
