// What a made-up group decided and what people did to it: a change wherever its wave asks for another
// size, every other launch ahead of need, a pause and a size that somebody set.

import type { AuditEntry, ToldDecision } from '../contract.ts';
import { fakeDemand } from './fake-fleet.ts';

const minuteMs = 60_000;
const decisionsMax = 300;

/** Newest first. */
export function fakeDecisions(name: string, from: number, to: number): readonly ToldDecision[] {
  const told: ToldDecision[] = [];
  const first = Math.ceil(from / minuteMs);
  for (let minute = first; minute <= Math.floor(to / minuteMs); minute += 1) {
    const before = sizeAt(name, (minute - 1) * minuteMs);
    const after = sizeAt(name, minute * minuteMs);
    if (before !== after) told.unshift(tell(name, minute * minuteMs, { before, after }));
  }
  return told.slice(0, decisionsMax);
}

function sizeAt(name: string, at: number): number {
  return Math.ceil(fakeDemand(name, at) + 0.4);
}

interface Change {
  readonly before: number;
  readonly after: number;
}

function tell(group: string, at: number, { after, before }: Change): ToldDecision {
  const isOut = after > before;
  const isAhead = isOut && after % 2 === 0;
  const value = Number(((fakeDemand(group, at) / before) * 0.6).toPrecision(2));
  const reason = {
    code: 'target-tracking',
    signal: 'cpu',
    value,
    target: 0.6,
    instances: before,
  } as const;
  const policy = isAhead ? 'demand' : 'target-tracking(cpu)';
  const because = isAhead
    ? `by load and calendar, ${after} are worth launching and ${after} worth keeping`
    : `cpu is ${Math.round(value * 100)}%, its target 60%`;
  return {
    decision: {
      group,
      at,
      kind: isOut ? 'scale-out' : 'scale-in',
      from: before,
      to: after,
      wanted: after,
      ...(isAhead && { needed: before }),
      acts: true,
      recommendations: [{ kind: 'desired', policy, desired: after, reason }],
      adjustments: [],
    },
    explanation: {
      summary: `scale ${isOut ? 'out' : 'in'} from ${before} to ${after}: ${because}`,
      details: [`${policy} recommends ${after}: ${because}`],
    },
    actuation: { kind: 'accepted' },
  };
}

/** Newest first. */
export function fakeAudit(names: readonly string[], now: number): readonly AuditEntry[] {
  const [first = 'web', second = 'api'] = names;
  const act = (ago: number, who: string, entry: Partial<AuditEntry>): AuditEntry => ({
    at: now - ago * minuteMs,
    who,
    via: 'session',
    from: '127.0.0.1',
    action: 'set',
    outcome: 'done',
    ...entry,
  });
  const until = new Date(now + 30 * minuteMs).toISOString();
  return [
    act(2, 'ben', {
      group: second,
      what: `set to 900 until ${until} (load test)`,
      outcome: 'refused',
      because: 'the size is above the maximum of the group, 200',
    }),
    act(31, 'ana', { group: first, action: 'resume', what: 'given back to its policies' }),
    act(38, 'ana', { group: first, action: 'pause', what: 'paused until resumed (deployment)' }),
    act(66, 'ana', { action: 'log-in', what: 'logged in' }),
  ];
}
