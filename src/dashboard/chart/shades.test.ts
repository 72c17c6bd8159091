import { describe, expect, it } from 'vitest';
import type { AuditEntry, ToldDecision } from '../contract.ts';
import { findShades, noteFreezes } from './shades.ts';

const start = Date.UTC(2026, 0, 15, 10);
const minute = 60_000;

function act(action: string, atMinute: number, what = action): AuditEntry {
  const at = start + atMinute * minute;
  return {
    at,
    who: 'ana',
    via: 'session',
    from: null,
    action,
    group: 'web',
    what,
    outcome: 'done',
  };
}

function spansOf(...entries: AuditEntry[]): (number | null)[][] {
  const shades = findShades({ entries, group: 'web', overrides: [] });
  return shades.map(({ from, to }) => [from, to].map((at) => (at ?? 0) / minute - start / minute));
}

describe('what is shaded in the chart', () => {
  it('lasts until it was given back', () => {
    expect(spansOf(act('pause', 0), act('resume', 12))).toEqual([[0, 12]]);
  });

  it('ends by itself where nobody gave it back, though the same was done later', () => {
    const what = `set to 8 until ${new Date(start + 30 * minute).toISOString()} (launch)`;
    const later = 'set to 8 until resumed (launch)';
    expect(spansOf(act('set', 0, what), act('set', 90, later), act('resume', 95))).toEqual([
      [0, 30],
      [90, 95],
    ]);
  });

  it('leaves out what was done to other groups, and what was refused', () => {
    const other = { ...act('pause', 0), group: 'mail' };
    const refused: AuditEntry = { ...act('pause', 0), outcome: 'refused' };
    expect(spansOf(other, refused, act('resume', 5))).toEqual([]);
  });
});

describe('freezes in the chart', () => {
  function held(atMinute: number, until: number): ToldDecision {
    const reason = { code: 'freeze', name: 'sale', direction: 'scale-in', until } as const;
    return {
      decision: {
        group: 'web',
        at: start + atMinute * minute,
        kind: 'hold',
        from: 8,
        to: 8,
        wanted: 6,
        acts: false,
        recommendations: [],
        adjustments: [{ guardrail: 'freeze', from: 6, to: 8, reason }],
      },
      explanation: { summary: '', details: [] },
      actuation: null,
    };
  }

  it('are shaded from when one was first seen to hold a change, to its end', () => {
    const until = start + 60 * minute;
    const first = noteFreezes([], held(3, until));
    expect(first).toEqual([
      { kind: 'freeze', from: start + 3 * minute, to: until, label: 'freeze sale' },
    ]);
    expect(noteFreezes(first, held(4, until))).toBe(first);
    expect(noteFreezes(first, null)).toBe(first);
    expect(noteFreezes(first, held(90, until + 60 * minute))).toHaveLength(2);
  });
});
